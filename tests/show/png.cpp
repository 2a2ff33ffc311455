// SPDX-License-Identifier: BSL-1.0
// Attention maps as PNG: read back by libpng, colors where weights are, the same bytes each time.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <conform/show/png.hpp>
#include <conform/tensor/tensor.hpp>

namespace {

using namespace conform;

struct picture {
  std::size_t width, height;
  std::vector<png_byte> pixels;
  rgb at(std::size_t x, std::size_t y) const {
    auto const* p = &pixels[(y * width + x) * 3];
    return {p[0], p[1], p[2]};
  }
  std::size_t count(rgb color) const {
    std::size_t n = 0;
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x) n += at(x, y) == color;
    return n;
  }
};

picture read(std::string const& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) throw std::runtime_error(image.message);
  image.format = PNG_FORMAT_RGB;
  picture p{image.width, image.height, std::vector<png_byte>(PNG_IMAGE_SIZE(image))};
  if (png_image_finish_read(&image, nullptr, p.pixels.data(), 0, nullptr) == 0) throw std::runtime_error(image.message);
  return p;
}

tensor<float, token<2>, key<2>> const weights{{1, 0}, {0.5, 0.5}};

BOOST_AUTO_TEST_CASE(cells_have_the_colors_of_their_weights) {
  color_map const colors;
  std::size_t const cell = 63 * 63;  // the pixels of one, without the gap beside it
  auto const light = read(to_png(attention_map(weights)));
  std::size_t const half = detail::level_of(0.5, 1);
  std::size_t const in_legend = 4 * detail::letter_height * 2;  // those of each level
  BOOST_TEST(light.count(colors[color_map::levels - 1]) == cell + in_legend);
  BOOST_TEST(light.count(colors[half]) == 2 * cell + in_legend);
  BOOST_TEST(light.count(colors[0]) == cell + in_legend);
  BOOST_TEST((light.at(0, 0) == rgb{0xFF, 0xFF, 0xFF}));
  auto const dark = read(to_png(attention_map(weights), picture_ground::dark));
  BOOST_TEST(dark.count(colors[0]) == cell + in_legend);  // read from its other end
  BOOST_TEST((dark.at(0, 0) == rgb{0x11, 0x14, 0x1B}));
  BOOST_TEST(dark.width == light.width);
}

BOOST_AUTO_TEST_CASE(rows_are_tokens_and_columns_keys) {
  color_map const colors;
  auto const p = read(to_png(attention_map(weights)));
  auto const first_row_of = [&](rgb color) {
    for (std::size_t y = 0; y < p.height; ++y)
      for (std::size_t x = 0; x < p.width; ++x)
        if (p.at(x, y) == color) return y;
    return p.height;
  };
  std::size_t const top = first_row_of(colors[color_map::levels - 1]);
  BOOST_TEST(first_row_of(colors[0]) == top);  // 1 and 0 are those of the first token
  BOOST_TEST(first_row_of(colors[detail::level_of(0.5, 1)]) == top + 64);
}

BOOST_AUTO_TEST_CASE(the_same_picture_is_the_same_bytes) {
  auto const once = to_png(attention_map(weights, {.title = "a"})), again = to_png(attention_map(weights, {.title = "a"}));
  BOOST_TEST(once == again);
  BOOST_TEST(once != to_png(attention_map(weights, {.title = "b"})));  // the title is there
  BOOST_TEST(once != to_png(attention_map(weights, {.title = "a", .tokens = {"x", "y"}})));
}

BOOST_AUTO_TEST_CASE(letters_are_those_of_the_font) {
  std::string a;
  for (std::size_t y = 0; y < detail::letter_height; ++y)
    for (std::size_t x = 0; x < detail::letter_width; ++x) a += detail::letter_pixel('A', x, y) ? '#' : '.';
  BOOST_TEST(a.substr(2 * 6, 9 * 6) ==
             "..#..."
             ".#.#.."
             "#...#."
             "#...#."
             "#...#."
             "#####."
             "#...#."
             "#...#."
             "#...#.");
  std::set<std::string> shapes;
  for (char32_t const c : {U'a', U'é', U'Ж', U'λ', U'▁', U'日'}) {
    std::string shape;
    for (std::size_t y = 0; y < detail::letter_height; ++y)
      for (std::size_t x = 0; x < detail::letter_width; ++x) shape += detail::letter_pixel(c, x, y) ? '#' : '.';
    BOOST_TEST(shape.find('#') != std::string::npos);
    shapes.insert(shape);
  }
  BOOST_TEST(shapes.size() == 6u);
}

BOOST_AUTO_TEST_CASE(nothing_and_much_are_drawn) {
  tensor<float, token<dyn<"T">>, key<dyn<"S">>> const none(bind<"T">(0), bind<"S">(0));
  BOOST_TEST(read(to_png(attention_map(none))).width > 0u);
  tensor<float, head<2>, token<300>, key<300>> const many;
  BOOST_TEST(read(to_png(attention_map(many))).height > 1800u);
  BOOST_TEST(read(to_png(attention_map(weights, {.title = std::string(500, 'w')}))).width > 0u);
}

}  // namespace
