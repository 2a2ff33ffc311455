// SPDX-License-Identifier: BSL-1.0
// Archives of arrays: written by NumPy (write_numpy.py) where it is there, read again by it, loaded, and damaged.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/io/load.hpp>
#include <conform/io/npz.hpp>

#include "bytes_of_file.hpp"

using namespace conform;
using files::refusal;

namespace {

#if defined(CONFORM_NUMPY_DIR)
std::filesystem::path const folder = CONFORM_NUMPY_DIR;
#else
std::filesystem::path const folder = std::filesystem::temp_directory_path();
#endif

using small = linear<float, embed<2>, hidden<3>>;

small numbered() {
  small layer;
  float next = 0;
  for (float& x : layer.weight) x = next++;
  for (float& x : layer.bias) x = 10 * (next++ - 5);
  return layer;
}

std::string bytes_at(std::filesystem::path const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string of_bytes(std::string const& bytes, std::size_t most = most_npz_bytes) {
  return refusal([&] { npz_file(std::as_bytes(std::span(bytes)), "a", most); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_written_is_loaded_again_and_damage_is_seen) {
  auto const path = folder / "written.npz";
  small const layer = numbered();
  write_npz(path, layer);
  npz_file const file(path);
  BOOST_TEST(file.entries().size() == 2u);
  BOOST_TEST((file.view<float, in_features<2>, out_features<3>>("weight"))(1, 2) == 5);
  small again;
  load(again, file, same_names(in_by_out));
  BOOST_TEST(max_abs_difference(again.weight, layer.weight) == 0);
  BOOST_TEST(max_abs_difference(again.bias, layer.bias) == 0);

  std::string const whole = bytes_at(path);
  BOOST_TEST(of_bytes(whole) == "nothing was refused");
  BOOST_TEST(of_bytes("") == "'a' is no .npz file: it is empty");
  BOOST_TEST(of_bytes(whole.substr(0, whole.size() / 2)) == "'a' is no .npz file: Not a zip archive");
  std::string damaged = whole;
  damaged[damaged.find("NUMPY") + 130] ^= 1;  // a number
  BOOST_TEST(of_bytes(damaged).ends_with("cannot be unpacked: CRC error"));
  BOOST_TEST(of_bytes(whole, 100) == "'a' is no .npz file: it unpacks to more bytes than it may");
}

BOOST_AUTO_TEST_CASE(places_that_cannot_be_written) {
  std::filesystem::path const nowhere = folder / "no" / "folder.npz";
  BOOST_TEST(refusal([&] { write_npz(nowhere, numbered()); }).find("cannot be written: ") != std::string::npos);
}

#if defined(CONFORM_NUMPY_DIR)
BOOST_AUTO_TEST_CASE(what_numpy_wrote) {
  small const wanted = numbered();
  small layer;
  load(layer, npz_file(folder / "layer.npz"), same_names(in_by_out));
  BOOST_TEST(max_abs_difference(layer.weight, wanted.weight) == 0);
  npz_file const deflated(folder / "deflated.npz");
  BOOST_TEST((deflated.view<double, token<1000>, embed<100>>("zeros"))(999, 99) == 0);
  BOOST_TEST(refusal([&] { load(layer, deflated, same_names(in_by_out)); }) ==
             "C043 load from '" + (folder / "deflated.npz").string() +
                 "': 1 difference\n  extra 'zeros' F64 [1000, 100]: no parameter is made from it");
}
#endif
