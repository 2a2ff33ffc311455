// SPDX-License-Identifier: BSL-1.0
// Arrays in NumPy's format: written by NumPy (write_numpy.py) where it is there, and byte by byte.
#include <filesystem>
#include <string>
#include <type_traits>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/io/npy.hpp>

#include "bytes_of_file.hpp"

using namespace conform;
using files::aligned_bytes, files::refusal;

namespace {

#if defined(CONFORM_NUMPY_DIR)
std::filesystem::path const folder = CONFORM_NUMPY_DIR;
#endif

// What was refused before is no second error: the function can be made.
[[maybe_unused]] void (*const of_refused)(std::filesystem::path const&, refused const&) = write_npy;

std::string npy(std::string const& header, std::string const& data = "", char version = 1) {
  std::string text = "\x93NUMPY" + std::string{version, '\0'};
  text += version == 1 ? files::bytes_of(static_cast<std::uint16_t>(header.size())) : files::bytes_of(static_cast<std::uint32_t>(header.size()));
  return text + header + data;
}
std::string of_bytes(std::string const& bytes) {
  return refusal([&] {
    aligned_bytes const memory(bytes);
    npy_bytes(memory, "a");
  });
}
std::string header(std::string const& type, std::string const& shape, std::string const& order = "False") {
  return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_array_is_looked_at_where_it_lies) {
  std::string const text = npy(header("<f4", "(2, 1)") + std::string(1, '\n'), files::bytes_of(1.5f) + files::bytes_of(2.5f));
  aligned_bytes const memory(text);
  npy_bytes const file(memory, "a");
  auto const x = file.copy<float, token<2>, embed<dyn<"E">>>();
  BOOST_TEST(x(1, 0) == 2.5f);
  BOOST_TEST(refusal([&] { file.copy<double, token<2>, embed<1>>(); }) == "C018 'a' holds F32, and F64 is asked for");
  BOOST_TEST(refusal([&] { file.copy<float, token<3>, embed<1>>(); }) == "C008 'a' has token=2, and token=3 is asked for");
  BOOST_TEST(refusal([&] { file.copy<float, token<2>>(); }) == "C007 'a' is [2, 1], and [token=2] is asked for");
}

BOOST_AUTO_TEST_CASE(malformed_arrays_are_refused_with_a_sentence) {
  std::string const no = "'a' is no array of NumPy's: ", unclear = no + "the header is no dictionary of descr, fortran_order and shape";
  BOOST_TEST(of_bytes("") == no + "it does not begin with \\x93NUMPY and a version");
  BOOST_TEST(of_bytes("\x93NUMPX\1\0aa") == no + "it does not begin with \\x93NUMPY and a version");
  BOOST_TEST(of_bytes(npy("", "", 4)) == no + "its format is 4.0, and 1.0, 2.0 and 3.0 are known");
  BOOST_TEST(of_bytes(std::string("\x93NUMPY\2\0aa", 10)) == no + "it ends before its header");
  BOOST_TEST(of_bytes(std::string("\x93NUMPY\2\0\xff\xff\xff\xff{}", 14)) == no + "its header claims 4294967295 bytes, and 2 follow");
  for (std::string const& text :
       {std::string(), std::string("{}"), std::string("{'descr': '<f4', 'fortran_order': False}"), header("<f4", "(3)"), header("<f4", "(,)"),
        header("<f4", "(-1,)"), header("<f4", "(1 2)"), header("<f4", "[1]"), header("<f4", "(1,)", "0"), header("<f4", "(1,)") + "x",
        std::string("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}"),
        std::string("{'descr': '<f4' 'fortran_order': False, 'shape': (1,), }"), std::string("{'descr': '<f4")})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(of_bytes(npy(text, "1234")) == unclear);
  BOOST_TEST(of_bytes(npy(header("<f4", "(2,)"), "1234567")) == no + "its shape needs 8 bytes, and 7 follow the header");
  BOOST_TEST(of_bytes(npy(header("<f4", "(2,)"), "123456789")) == no + "its shape needs 8 bytes, and 9 follow the header");
  BOOST_TEST(of_bytes(npy(header("<f4", "(1099511627776, 1099511627776)"), "1")) ==
             no + "its shape has more elements than memory can hold");
  BOOST_TEST(of_bytes(npy(header("<f4", "(99999999999999999999,)"), "1")) == no + "an extent is larger than any memory");
  BOOST_TEST(of_bytes(npy(header("<f4", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)"), "1234")) == no + "there are more than 16 axes");
  BOOST_TEST(of_bytes(npy(header(">f4", "(1,)"), "1234")) == no + "the elements are big-endian: astype('<f4') turns them");
  BOOST_TEST(of_bytes(npy(header("|O", "(1,)"), "12345678")) == no + "the elements are '|O', which is no type of numbers that is known here");
  BOOST_TEST(of_bytes(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "1234")) ==
             no + "the elements are records, and numbers are needed");
  BOOST_TEST(of_bytes(npy(header("<f4", "(1,)"), "1234")) == "nothing was refused");
  BOOST_TEST(of_bytes(npy("{\"shape\":(1L,),\"descr\":\"<f4\",'fortran_order' : True}", "1234", 3)) == "nothing was refused");
}

#if defined(CONFORM_NUMPY_DIR)

BOOST_AUTO_TEST_CASE(what_numpy_wrote) {
  for (char const* name : {"matrix.npy", "version_2.npy", "version_3.npy"}) {
    npy_file const file(folder / name);
    auto const x = file.view<float, token<2>, embed<3>>();
    static_assert(std::is_same_v<decltype(x), tensor_view<float const, shape<token<2>, embed<3>>> const>);
    BOOST_TEST(x(1, 2) == 5);
  }
  npy_file const fortran(folder / "fortran.npy");
  BOOST_TEST(refusal([&] { fortran.view<float, token<2>, embed<3>>(); }).find("is in Fortran's order, column_major_view looks at it") !=
             std::string::npos);
  auto const columns = fortran.column_major_view<float, token<2>, embed<3>>();
  static_assert(sizeof(columns) == sizeof(float*));  // its strides are in the type
  BOOST_TEST(columns(1, 0) == 3);
  BOOST_TEST(columns(0, 2) == 2);
  npy_file const cube(folder / "cube_fortran.npy");
  auto const rows = cube.copy<double, batch<2>, token<3>, embed<4>>();
  auto const lying = cube.column_major_view<double, batch<dyn<"B">>, token<dyn<"T">>, embed<4>>();
  for (std::size_t b = 0; b < 2; ++b)
    for (std::size_t t = 0; t < 3; ++t)
      for (std::size_t e = 0; e < 4; ++e) {
        BOOST_TEST(rows(b, t, e) == static_cast<double>(b * 12 + t * 4 + e));
        BOOST_TEST(lying(b, t, e) == rows(b, t, e));
      }
  BOOST_TEST((npy_file(folder / "scalar.npy").copy<std::int64_t>())() == 7);
  BOOST_TEST((npy_file(folder / "empty.npy").copy<float, token<dyn<"T">>, embed<3>>().size()) == 0u);
  BOOST_TEST((npy_file(folder / "mask.npy").copy<bool, token<3>>())(2));
  for (char const* name : {"big_endian.npy", "record.npy", "text.npy"}) BOOST_CHECK_THROW(npy_file{folder / name}, file_error);
}

BOOST_AUTO_TEST_CASE(what_numpy_reads_again) {  // io/check_numpy does
  tensor<float, token<2>, embed<3>> const x{{0, 1, 2}, {3, 4, 5}};
  write_npy(folder / "written.npy", permute<embed, token>(x));
  BOOST_TEST((npy_file(folder / "written.npy").copy<float, embed<3>, token<2>>())(2, 0) == 2);
  tensor<double> scalar;
  scalar() = 2.5;
  write_npy(folder / "written_scalar.npy", scalar);
  write_npy(folder / "written_vector.npy", tensor<bool, token<2>>{true, false});
}

#endif
