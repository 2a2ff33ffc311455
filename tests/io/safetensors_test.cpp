// SPDX-License-Identifier: BSL-1.0
// Safetensors files: what is in one is seen where it lies, what is written is read again, and what is none is refused.
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <type_traits>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/io/safetensors.hpp>

#include "bytes_of_file.hpp"

using namespace conform;
using files::aligned_bytes, files::bytes_of, files::refusal, files::safetensors;

namespace {

struct folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("conform-safetensors-" + std::to_string(::getpid()));
  folder() { std::filesystem::create_directories(path); }
  ~folder() { std::filesystem::remove_all(path); }
};

std::string of_bytes(std::string_view bytes) {
  return refusal([&] {
    aligned_bytes const memory(bytes);
    safetensors_bytes(memory, "a file");
  });
}

std::string const two_floats = bytes_of(1.5f) + bytes_of(-2.0f);
std::string const one_array = R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";

}  // namespace

BOOST_AUTO_TEST_CASE(an_array_is_looked_at_where_it_lies) {
  // 56 bytes of header, so that the data begin at a multiple of 4.
  aligned_bytes const memory(safetensors(one_array + "  ", two_floats));
  safetensors_bytes const file(memory, "a file");
  BOOST_TEST(file.entries().size() == 1u);
  BOOST_TEST(file.has("x"));
  BOOST_TEST(!file.has("y"));
  auto const x = file.view<float, token<2>>("x");
  static_assert(std::is_same_v<decltype(x), tensor_view<float const, shape<token<2>>> const>);
  BOOST_TEST(x(0) == 1.5f);
  BOOST_TEST(x(1) == -2.0f);
  std::span<std::byte const> const all = memory;
  BOOST_TEST(reinterpret_cast<std::byte const*>(x.data()) == all.data() + all.size() - 8);
  BOOST_TEST((file.view<float, token<dyn<"T">>>("x").extent(0)) == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_is_what_the_file_has) {
  aligned_bytes const memory(safetensors(
      R"({"x":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[2],"data_offsets":[8,10]}}  )",
      two_floats + std::string("\1\2")));
  safetensors_bytes const file(memory, "a file");
  BOOST_TEST(refusal([&] { file.view<float, token<2>>("y"); }) == "there is no 'y' in 'a file'");
  BOOST_TEST(refusal([&] { file.view<double, token<2>, embed<1>>("x"); }) == "C018 'x' in 'a file' holds F32, and F64 is asked for");
  BOOST_TEST(refusal([&] { file.view<float, token<2>>("x"); }) == "C007 'x' in 'a file' is [2, 1], and [token=2] is asked for");
  BOOST_TEST(refusal([&] { file.view<float, token<2>, embed<3>>("x"); }) ==
             "C008 'x' in 'a file' has embed=1, and embed=3 is asked for");
  BOOST_TEST(refusal([&] { file.view<bool, token<2>>("b"); }) == "'b' in 'a file' holds a bool that is neither 0 nor 1");
  BOOST_CHECK_THROW((file.view<float, token<dyn<"N">>, embed<dyn<"N">>>("x")), shape_error);
}

BOOST_AUTO_TEST_CASE(data_that_are_not_aligned_are_copied_and_not_viewed) {
  aligned_bytes const memory(safetensors(one_array + " ", two_floats));
  safetensors_bytes const file(memory, "a file");
  BOOST_TEST(refusal([&] { file.view<float, token<2>>("x"); }) ==
             "C028 'x' in 'a file' does not lie at a multiple of 4 bytes: it cannot be viewed, copy brings it where it can");
  BOOST_TEST((file.copy<float, token<2>>("x"))(1) == -2.0f);
}

BOOST_AUTO_TEST_CASE(malformed_files_are_refused_with_a_sentence) {
  std::string const no = "'a file' is no safetensors file: ";
  auto const header = [&](std::string const& text, std::string_view data = "") { return of_bytes(safetensors(text, data)); };
  BOOST_TEST(of_bytes("") == no + "it has 0 bytes, and 8 come first");
  BOOST_TEST(of_bytes(bytes_of(std::uint64_t{3}) + "{}") == no + "its header claims 3 bytes, and 2 follow");
  BOOST_TEST(of_bytes(bytes_of(~std::uint64_t{0}) + "{}") ==
             no + "its header claims 18446744073709551615 bytes, and 100000000 are the limit");
  BOOST_TEST(header("") == no + "the header is no JSON object");
  BOOST_TEST(header(" {}") == no + "the header is no JSON object");
  BOOST_TEST(header("{") == no + "the header is no JSON from its byte 2");
  BOOST_TEST(header("{} {}") == no + "the header is no JSON from its byte 4");
  BOOST_TEST(header(one_array, "1234567") == no + "the data of 'x' end behind the file's");
  BOOST_TEST(header(one_array, "123456789") == no + "the arrays take 8 bytes, and 9 follow the header");
  BOOST_TEST(header("{}", "1") == no + "the arrays take 0 bytes, and 1 follow the header");
  BOOST_TEST(header(R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", two_floats) ==
             no + "the header gives 'x' data_offsets that are not 12 bytes apart, as dtype and shape need");
  BOOST_TEST(header(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", two_floats) ==
             no + "the header gives 'x' data_offsets that are not 8 bytes apart, as dtype and shape need");
  BOOST_TEST(header(R"({"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})") ==
             no + "the header gives 'x' a size that is no number of bytes");
  BOOST_TEST(header(R"({"x":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}})", "1") ==
             no + "the header gives 'x' a size that is no number of bytes");
  BOOST_TEST(header(R"({"x":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}})") == no + "the header gives 'x' an unknown dtype 'F33'");
  BOOST_TEST(header(R"({"x":{"dtype":"F32","shape":[2]}})") == no + "the header gives 'x' no dtype, shape or two data_offsets");
  BOOST_TEST(header(R"({"x":{"dtype":"F32","shape":[-2]}})") == no + "the header gives 'x' a negative number where none belongs");
  BOOST_TEST(header(R"({"x":{"dtype":"F32","shape":[2.5]}})") ==
             no + "the header gives 'x' a fraction or a number that is too large where none belongs");
  BOOST_TEST(header(R"({"x":{"dtype":"F32","dtype":"F32"}})") == no + "the header gives 'x' the key 'dtype' twice");
  BOOST_TEST(header(R"({"x":{"strides":[1]}})") == no + "the header gives 'x' an unknown key 'strides'");
  BOOST_TEST(header(R"({"x":[1]})") == no + "the header has a list where none belongs");
  BOOST_TEST(header(R"({"__metadata__":{"a":1}})") == no + "the header has a number where none belongs");
  BOOST_TEST(header(R"({"__metadata__":{"a":"1","a":"2"}})") == no + "the header has a key of __metadata__ twice");
  BOOST_TEST(header(R"({"x":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}})") ==
             no + "the header gives 'x' more than 16 axes");
  auto const u8 = [](char const* name, int first, int last) {
    return std::string("\"") + name + R"(":{"dtype":"U8","shape":[)" + std::to_string(last - first) + R"(],"data_offsets":[)" +
           std::to_string(first) + "," + std::to_string(last) + "]}";
  };
  BOOST_TEST(header("{" + u8("x", 0, 1) + "," + u8("y", 2, 3) + "}", "123") ==
             no + "the data of 'y' begin at 2, and those before end at 1");
  BOOST_TEST(header("{" + u8("x", 0, 2) + "," + u8("y", 1, 3) + "}", "123") ==
             no + "the data of 'y' begin at 1, and those before end at 2");
  BOOST_TEST(header("{" + u8("x", 0, 1) + "," + u8("x", 1, 2) + "}", "12") == no + "the header names 'x' twice");
  BOOST_TEST(header("{" + u8("x", 0, 1) + "," + u8("y", 1, 2) + "}", "12") == "nothing was refused");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  folder const here;
  auto const path = here.path / "layer.safetensors";
  multi_head_attention<float, embed<8>, head<2>> layer;
  fill_uniform(layer, 3);
  write_safetensors(path, layer);
  safetensors_file const file(path);
  BOOST_TEST(file.metadata().at("format") == "conform");
  std::size_t count = 0;
  for_each_parameter(layer, [&](std::string const& name, auto const& parameter) {
    ++count;
    BOOST_TEST(file.entry(name).bytes == parameter.size() * sizeof(float));
  });
  BOOST_TEST(file.entries().size() == count);
  auto const weight = file.view<float, in_features<8>, out_features<8>>("key.weight");
  BOOST_TEST(max_abs_difference(weight, layer.key.weight) == 0);
  BOOST_TEST(reinterpret_cast<std::uintptr_t>(weight.data()) % 4 == 0u);
}

BOOST_AUTO_TEST_CASE(elements_of_all_widths_are_aligned_and_strided_views_are_written_in_order) {
  folder const here;
  auto const path = here.path / "mixed.safetensors";
  tensor<bool, token<3>> const mask{true, false, true};
  tensor<double, token<2>> const wide{1.25, -7};
  tensor<std::int16_t, token<1>> const ids{7};
  tensor<float, token<2>, embed<3>> const x{{1, 2, 3}, {4, 5, 6}};
  safetensors_writer writer;
  writer.add("a\"mask", mask);
  writer.add("wide", wide);
  writer.add("ids", ids);
  writer.add("turned", permute<embed, token>(x));
  writer.write(path);
  safetensors_file const file(path);
  BOOST_TEST((file.view<bool, token<3>>("a\"mask"))(2));
  BOOST_TEST((file.view<double, token<2>>("wide"))(1) == -7);
  BOOST_TEST((file.view<std::int16_t, token<1>>("ids"))(0) == 7);
  BOOST_TEST((file.view<float, embed<3>, token<2>>("turned"))(2, 0) == 3);
}

BOOST_AUTO_TEST_CASE(places_that_are_no_files_are_refused) {
  folder const here;
  auto const missing = here.path / "missing", nowhere = here.path / "no" / "folder";
  BOOST_TEST(refusal([&] { safetensors_file{missing}; }) == "'" + missing.string() + "' cannot be opened: No such file or directory");
  BOOST_TEST(refusal([&] { safetensors_file{here.path}; }) == "'" + here.path.string() + "' is no regular file");
  std::ofstream(missing).close();
  BOOST_TEST(refusal([&] { safetensors_file{missing}; }) ==
             "'" + missing.string() + "' is no safetensors file: it has 0 bytes, and 8 come first");
  linear<float, embed<2>, hidden<2>> const layer;
  BOOST_TEST(refusal([&] { write_safetensors(nowhere, layer); }) ==
             "'" + nowhere.string() + "' cannot be written: No such file or directory");
}
