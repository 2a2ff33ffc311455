// SPDX-License-Identifier: BSL-1.0
// The real model against what its own runtime computed: embeddings to 1e-5, every step between to 1e-5 of the largest
// value of that step (layer 2's attention reaches 54, so an absolute bound would ask for more than a float holds).
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <conform/conform.hpp>
#include <cstddef>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"
#include "use_lite/encoder.hpp"
#include "use_lite/sentences.hpp"

namespace {

using namespace use_lite;
using namespace use_lite::test;
using boost::unit_test::precondition;

// Shapes are types: what goes in and out is said here once, and the compiler checks what lies between.
static_assert(std::is_same_v<decltype(std::declval<encoder const&>()(std::declval<token_batch const&>())),
                             conform::tensor<float, batch<dyn<"B">>, embed<512>>>);
static_assert(std::is_invocable_v<transformer_layer<narrow> const&, states<256> const&, token_batch const&,
                                  std::string const&, no_taps&>);

// Loaded once for all cases.
struct loaded {
  tokenizer pieces = tokenizer::from_json(read_model_file(model_directory(""), "vocab.json"));
  encoder encode{weights::load(model_directory(""))};
  std::vector<std::string> warnings;

  std::vector<sentence> cut(std::vector<std::string> texts) {
    auto sentences = sentences_of(std::move(texts));
    tokenize(sentences, pieces, [&](std::string const& w) { warnings.push_back(w); });
    return sentences;
  }
};
loaded& model() {
  static loaded it;
  return it;
}

std::vector<float> floats(std::filesystem::path const& path) {
  auto const bytes = read_file(path);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

std::vector<std::string> texts_of(nlohmann::json const& list) {
  std::vector<std::string> texts;
  for (auto const& item : list) texts.push_back((item.is_string() ? item : item.at("text")).get<std::string>());
  return texts;
}

BOOST_AUTO_TEST_CASE(embeddings_agree_to_1e_5, *precondition(has_references)) {
  auto const sentences = model().cut(texts_of(nlohmann::json::parse(read_file(shared() / "sentences.json"))));
  auto const reference = floats(shared() / "embeddings.f32");
  auto const found = model().encode(token_batch(sentences));
  BOOST_REQUIRE_EQUAL(found.size(), reference.size());
  double largest = 0;
  for (std::size_t i = 0; i < reference.size(); ++i)
    largest = std::max(largest, std::abs(double(found.data()[i]) - double(reference[i])));
  BOOST_TEST_MESSAGE("largest difference of " << reference.size() << " numbers: " << largest);
  BOOST_TEST(largest <= 1e-5);
}

// Compares what passes by with the reference of the same name, where every index but the last is of a present token.
struct compare_taps {
  static constexpr bool wants_weights = true;
  std::vector<sentence> const& sentences;
  std::map<std::string, double>& errors;

  bool present(std::size_t b, std::size_t t) const { return t < sentences[b].tokens.size(); }

  template <class X>
  void operator()(std::string_view name, X const& x) const {
    auto const reference = floats(shared() / "taps" / (std::string(name) + ".f32"));
    BOOST_REQUIRE_EQUAL(reference.size(), x.size());
    using axes = conform::shape_t<X>;
    double difference = 0, largest = 0;
    auto const meet = [&](std::size_t at, float value) {
      difference = std::max(difference, std::abs(double(value) - double(reference[at])));
      largest = std::max(largest, std::abs(double(reference[at])));
    };
    std::size_t const B = x.extent(0);
    if constexpr (conform::has_axis<key, axes>) {  // the reference has heads in front of tokens
      std::size_t const T = conform::extent<token>(x);
      for (std::size_t b = 0; b < B; ++b)
        for (std::size_t h = 0; h < heads; ++h)
          for (std::size_t t = 0; t < T; ++t)
            for (std::size_t s = 0; s < T; ++s)
              if (present(b, t) && present(b, s))
                meet(((b * heads + h) * T + t) * T + s,
                     x(conform::at<batch>(b), conform::at<head>(h), conform::at<token>(t), conform::at<key>(s)));
    } else if constexpr (conform::has_axis<token, axes>) {
      std::size_t const T = x.extent(1), E = x.extent(2);
      for (std::size_t b = 0; b < B; ++b)
        for (std::size_t t = 0; t < T; ++t)
          for (std::size_t e = 0; present(b, t) && e < E; ++e) meet((b * T + t) * E + e, x(b, t, e));
    } else {
      for (std::size_t b = 0; b < B; ++b)
        for (std::size_t e = 0; e < x.extent(1); ++e) meet(b * x.extent(1) + e, x(b, e));
    }
    errors[std::string(name)] = difference / largest;
  }
};

// Queries, keys and values side by side, as the model's one projection gives them, and the context before the last one.
template <class Layer>
void compare_inside(Layer const& layer, std::size_t width, auto const& normal, token_batch const& tokens,
                    std::string const& number, compare_taps const& compare) {
  auto const q = layer.attention.query(normal), k = layer.attention.key(normal), v = layer.attention.value(normal);
  auto const all = conform::concat<embed>(q, k, v);
  compare("qkv" + number, all);
  BOOST_TEST(all.extent(2) == 3 * width);
  auto const by_heads = [](auto x) {
    return conform::split<embed, head<heads>, head_dim<conform::shape_t<decltype(x)>::extents[2] / heads>>(
        std::move(x));
  };
  auto const context =
      conform::attention(by_heads(q), conform::rename<token, key>(by_heads(k)),
                         conform::rename<token, key>(by_heads(v)), conform::attend_where(tokens.present));
  compare("ctx" + number, conform::merge<embed, head, head_dim>(context));
}

BOOST_AUTO_TEST_CASE(every_step_agrees_to_1e_5_of_its_largest_value, *precondition(has_references)) {
  auto const meta = nlohmann::json::parse(read_file(shared() / "taps" / "meta.json"));
  auto const sentences = model().cut(texts_of(meta.at("sents")));
  token_batch const tokens(sentences);
  std::map<std::string, double> errors;
  compare_taps const compare{sentences, errors};
  auto const& encode = model().encode;
  encode(tokens, compare);

  auto const x = conform::add(conform::scaled(conform::lookup<vocab>(encode.table, tokens.ids), 2),
                              encode.positions(conform::extent<token>(tokens.ids)));
  no_taps silent;
  compare_inside(encode.first, narrow, encode.first.attention_norm(x), tokens, "0", compare);
  compare_inside(encode.second, wide, encode.second.attention_norm(encode.first(x, tokens, "0", silent)), tokens, "1",
                 compare);

  // The graph computes positions for the present tokens alone, one sentence after the other.
  auto const timing = floats(shared() / "taps" / "timing.f32");
  auto const positions = encode.positions(conform::extent<token>(tokens.ids));
  std::size_t at = 0;
  for (auto const& s : sentences)
    for (std::size_t t = 0; t < s.tokens.size(); ++t)
      for (std::size_t e = 0; e < narrow; ++e, ++at)
        errors["timing"] = std::max(errors["timing"], std::abs(double(timing.at(at)) - double(positions(t, e))));
  BOOST_TEST(at == timing.size());

  for (auto const& [name, shape] : meta.at("shapes").items()) {
    (void)shape;
    BOOST_TEST_REQUIRE(errors.count(name) == 1u, name << " was not compared");
    BOOST_TEST_MESSAGE(name << ": " << errors[name]);
    BOOST_TEST(errors[name] <= 1e-5, name << " differs by " << errors[name]);
  }
}

BOOST_AUTO_TEST_CASE(company_does_not_change_a_sentence, *precondition(has_model)) {
  auto const together =
      model().cut({"Hello", "The cat sat on the mat.", "今日は", std::string(300, 'x') + " and so on",
                   "Transformers attend to every token at once, which makes the cost of a layer grow."});
  auto const all = model().encode(token_batch(together));
  for (std::size_t i = 0; i < together.size(); ++i) {
    auto const alone = model().encode(token_batch(std::span(together).subspan(i, 1)));
    double largest = 0;
    for (std::size_t e = 0; e < wide; ++e)
      largest = std::max(largest, std::abs(double(alone(0, e)) - double(all(i, e))));
    BOOST_TEST(largest <= 1e-6, together[i].text << " differs by " << largest);
  }
}

// Every row of weights sums to 1 over the tokens of its sentence, and is 0 where padded.
struct check_sums {
  static constexpr bool wants_weights = true;
  std::vector<sentence> const& sentences;
  template <class X>
  void operator()(std::string_view, X const& x) const {
    if constexpr (conform::has_axis<key, conform::shape_t<X>>) {
      for (std::size_t b = 0; b < sentences.size(); ++b)
        for (std::size_t h = 0; h < heads; ++h)
          for (std::size_t t = 0; t < conform::extent<token>(x); ++t) {
            double sum = 0, padded = 0;
            for (std::size_t s = 0; s < conform::extent<key>(x); ++s) {
              double const w =
                  double(x(conform::at<batch>(b), conform::at<head>(h), conform::at<token>(t), conform::at<key>(s)));
              (s < sentences[b].tokens.size() ? sum : padded) += w;
            }
            BOOST_TEST_REQUIRE(std::abs(sum - 1) < 1e-5);
            BOOST_TEST_REQUIRE(padded == 0);
          }
    }
  }
};

BOOST_AUTO_TEST_CASE(padding_gets_no_attention_and_rows_sum_to_1, *precondition(has_model)) {
  auto const sentences = model().cut({"Hello", "The cat sat on the mat."});
  model().encode(token_batch(sentences), check_sums{sentences});
}

// The model's own graph drops what comes after 128 tokens; the first numbers are what its runtime gave for "word " × 200.
BOOST_AUTO_TEST_CASE(what_comes_after_128_tokens_is_cut_with_a_warning, *precondition(has_model)) {
  std::string longer, exact;
  for (int i = 0; i < 200; ++i) longer += "word ";
  for (int i = 0; i < 128; ++i) exact += i == 0 ? "word" : " word";
  model().warnings.clear();
  auto const sentences = model().cut({longer, exact});
  BOOST_REQUIRE_EQUAL(model().warnings.size(), 1u);
  BOOST_TEST(model().warnings[0] == "sentence 1 has 201 tokens; the model reads the first 128, the rest is cut");
  BOOST_TEST(sentences[1].tokens.size() == 128u);
  auto const found = model().encode(token_batch(sentences));
  for (std::size_t e = 0; e < wide; ++e) BOOST_TEST_REQUIRE(found(0, e) == found(1, e));
  float const reference[] = {-0.05235413461923599f, -0.04061797633767128f, -0.04102009907364845f};
  for (std::size_t e = 0; e < 3; ++e) BOOST_TEST(std::abs(found(0, e) - reference[e]) <= 1e-5f);
}

BOOST_AUTO_TEST_CASE(an_embedding_has_length_1, *precondition(has_model)) {
  auto const found = model().encode(token_batch(model().cut({"a", "  ", "\x01"})));
  auto const lengths = conform::sum<embed>(conform::multiply(found, found));
  for (float const length : lengths) BOOST_TEST(std::abs(length - 1) < 1e-5f);
}

}  // namespace
