// SPDX-License-Identifier: BSL-1.0
// The examples of the reference: attention, its options, caches and layers. Each region is one page's.
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "expect.hpp"

using namespace conform;

namespace {

void positions() {
  {
    // [rotary]
    auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();
    tensor<float, head<8>, token<6>, head_dim<64>> q;
    auto turned = rotary<token, head_dim>(q, cos, sin);
    static_assert(type_is<decltype(turned), tensor<float, head<8>, token<6>, head_dim<64>>>);
    // [/rotary]
    expect(turned(0, 0, 0) == 0);
  }
  {
    // [rotary_table]
    auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();
    static_assert(shape_is<decltype(cos), token<2048>, rotary_pair<32>>);
    // [/rotary_table]
    expect(cos(0, 0) == 1 && sin(0, 0) == 0);
  }
  {
    // [sinusoidal_positions]
    tensor<float, batch<2>, token<6>, embed<512>> x;
    auto y = x + sinusoidal_positions<float, token<6>, embed<512>>();
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<512>>>);
    // [/sinusoidal_positions]
    expect(y(1, 0, 1) == 1);
  }
}

using queries = tensor<float, batch<2>, head<4>, token<6>, head_dim<8>>;
using keys = tensor<float, batch<2>, head<4>, key<6>, head_dim<8>>;

template <class X>
X filled(unsigned seed) {
  X x;
  fill_uniform(x, seed);
  return x;
}

struct inputs {
  queries q = filled<queries>(1);
  keys k = filled<keys>(2), v = filled<keys>(3);
};

void calls_with_their_inputs() {
  {
    // [attention]
    tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
    tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
    auto context = attention(q, k, v, causal);
    static_assert(type_is<decltype(context), tensor<float, batch<2>, head<8>, token<6>, head_dim<64>>>);
    // [/attention]
    expect(context.size() == q.size() && v.size() == k.size());
  }
  {
    // [packed]
    tensor<float, head<2>, token<10>, head_dim<8>> q;  // three sequences: 3, 4 and 3 tokens
    tensor<float, head<2>, key<10>, head_dim<8>> k, v;
    tensor<int, batch<4>> offsets{0, 3, 7, 10};
    auto y = attention(q, k, v, causal, packed(offsets));
    static_assert(type_is<decltype(y), tensor<float, head<2>, token<10>, head_dim<8>>>);
    // [/packed]
    expect(y.size() == q.size() && v.size() == k.size());
  }
}

void calls() {
  inputs const given;
  auto const& q = given.q;
  auto const& k = given.k;
  auto const& v = given.v;
  {
    // [attention_weights]
    auto weights = attention_weights(q, k, causal);
    static_assert(shape_is<decltype(weights), batch<2>, head<4>, token<6>, distribution<key<6>>>);
    // [/attention_weights]
    expect(weights(0, 0, 0, 0) == 1);
  }
  {
    // [attention_scores]
    auto scores = attention_scores(q, k, softcap(50));
    static_assert(type_is<decltype(scores), tensor<float, batch<2>, head<4>, token<6>, key<6>>>);
    // [/attention_scores]
    expect(scores(0, 0, 0, 0) != 0);
  }
  {
    // [attention_with_weights]
    auto [context, weights] = attention_with_weights(q, k, v, causal);
    static_assert(shape_is<decltype(context), batch<2>, head<4>, token<6>, head_dim<8>>);
    static_assert(shape_is<decltype(weights), batch<2>, head<4>, token<6>, distribution<key<6>>>);
    // [/attention_with_weights]
    expect(max_abs_difference(context, attention(q, k, v, causal)) < 1e-6f && weights(0, 0, 0, 5) == 0);
  }
  {
    // [attention_into]
    tensor<float, batch<2>, token<6>, head<4>, head_dim<8>> context;  // heads side by side
    attention_into(context, q, k, v, causal);
    // [/attention_into]
    expect(max_abs_difference(context, attention(q, k, v, causal)) < 1e-6f);
  }
}

void options() {
  inputs const given;
  auto const& q = given.q;
  auto const& k = given.k;
  auto const& v = given.v;
  auto const few = filled<tensor<float, batch<2>, head<4>, token<2>, head_dim<8>>>(4);
  auto const first_sees = [](auto const& weights, std::size_t last) {
    for (std::size_t s = 0; s < 6; ++s)
      if ((weights(0, 0, 0, s) != 0) != (s <= last)) return false;
    return true;
  };
  {
    // [causal]
    auto y = attention(q, k, v, causal);  // 6 queries, 6 keys
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/causal]
    expect(first_sees(attention_weights(q, k, causal), 0));
  }
  {
    // [causal_from_start]
    auto weights = attention_weights(few, k, causal_from_start);  // 2 queries, 6 keys: the first one sees 1
    static_assert(shape_is<decltype(weights), batch<2>, head<4>, token<2>, distribution<key<6>>>);
    // [/causal_from_start]
    expect(first_sees(weights, 0));
  }
  {
    // [causal_to_end]
    auto weights = attention_weights(few, k, causal_to_end);  // 2 queries, 6 keys: the first one sees 5
    static_assert(shape_is<decltype(weights), batch<2>, head<4>, token<2>, distribution<key<6>>>);
    // [/causal_to_end]
    expect(first_sees(weights, 4));
  }
  {
    // [window]
    auto y = attention(q, k, v, causal, window<2, 0>);  // two keys back, and one's own
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/window]
    expect(attention_weights(q, k, causal, window<2, 0>)(0, 0, 5, 2) == 0);
  }
  {
    // [window_of]
    std::size_t left = 2;
    auto y = attention(q, k, v, causal, window_of(left, 0));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/window_of]
    expect(max_abs_difference(y, attention(q, k, v, causal, window<2, 0>)) == 0);
  }
  {
    // [from_start]
    auto y = attention_weights(few, k, causal, from_start);  // as causal_from_start
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<2>, distribution<key<6>>>);
    // [/from_start]
    expect(first_sees(y, 0));
  }
  {
    // [to_end]
    auto y = attention_weights(few, k, causal, to_end);  // as causal_to_end
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<2>, distribution<key<6>>>);
    // [/to_end]
    expect(first_sees(y, 4));
  }
  {
    // [queries_from]
    auto y = attention_weights(few, k, causal, queries_from(3));  // at keys 3 and 4
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<2>, distribution<key<6>>>);
    // [/queries_from]
    expect(first_sees(y, 3));
  }
  {
    // [attend_where]
    tensor<bool, batch<2>, key<6>> word{{true, true, true, true, false, false}, {true, true, true, true, true, true}};
    auto y = attention(q, k, v, attend_where(word));  // padding of the first sequence is not seen
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/attend_where]
    expect(first_sees(attention_weights(q, k, attend_where(word)), 3));
  }
  {
    // [ignore_where]
    tensor<bool, key<6>> padding{false, false, false, false, true, true};
    auto y = attention(q, k, v, ignore_where(padding));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/ignore_where]
    expect(first_sees(attention_weights(q, k, ignore_where(padding)), 3));
  }
  {
    // [add_bias]
    tensor<float, head<4>, token<6>, key<6>> bias;
    auto y = attention(q, k, v, add_bias(bias));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/add_bias]
    expect(max_abs_difference(y, attention(q, k, v)) < 1e-6f);
  }
  {
    // [key_lengths]
    tensor<int, batch<2>> lengths{4, 6};
    auto y = attention(q, k, v, key_lengths(lengths));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/key_lengths]
    expect(first_sees(attention_weights(q, k, key_lengths(lengths)), 3));
  }
  {
    // [extra_keys]
    tensor<float, batch<2>, head<4>, key<1>, head_dim<8>> learned;
    auto y = attention(q, concat<key>(k, learned), concat<key>(v, learned), causal, extra_keys<1>);
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/extra_keys]
    expect(attention_weights(q, concat<key>(k, learned), causal, extra_keys<1>)(0, 0, 0, 6) != 0);
  }
  {
    // [alibi]
    auto y = attention(q, k, v, causal, alibi(alibi_slopes<float, head<4>>()));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/alibi]
    expect(max_abs_difference(y, attention(q, k, v, causal)) > 0);
  }
  {
    // [alibi_slopes]
    constexpr auto slopes = alibi_slopes<float, head<8>>();
    static_assert(slopes(0) == 0.5f && slopes(7) == 1 / 256.f);
    static_assert(shape_is<decltype(slopes), head<8>>);
    // [/alibi_slopes]
  }
  {
    // [scale]
    auto y = attention(q, k, v, scale(0.125));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/scale]
    expect(max_abs_difference(y, attention(q, k, v)) > 0);
  }
  {
    // [softcap]
    auto y = attention(q, k, v, softcap(50));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/softcap]
    expect(max_abs_difference(y, attention(q, k, v)) < 1e-3f);
  }
  {
    // [sinks]
    tensor<float, head<4>> logits{0, 0, 0, 0};
    auto y = attention(q, k, v, sinks(logits));  // the weights of a query sum to less than 1
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/sinks]
    expect(max_abs_difference(y, attention(q, k, v)) > 0);
  }
  {
    // [dropout]
    std::mt19937_64 generator(1);
    auto y = attention(q, k, v, dropout(0.1, generator));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/dropout]
    expect(max_abs_difference(y, attention(q, k, v)) > 0);
  }
  {
    // [score_mod]
    // The further away, the less: 0.1 a position.
    auto nearer = [](float score, std::ptrdiff_t query, std::ptrdiff_t key) {
      return score - 0.1f * static_cast<float>(query < key ? key - query : query - key);
    };
    auto y = attention(q, k, v, score_mod(nearer));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/score_mod]
    expect(max_abs_difference(y, attention(q, k, v)) > 0);
  }
  {
    // [mask_mod]
    auto y = attention(q, k, v, mask_mod([](std::ptrdiff_t query, std::ptrdiff_t key) { return query / 3 == key / 3; }));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/mask_mod]
    expect(max_abs_difference(y, attention(q, k, v)) > 0);
  }
  {
    // [weight_factor]
    tensor<float, head<4>> gates{0, 1, 1, 2};
    auto gated = [](std::ptrdiff_t, std::ptrdiff_t, float gate) { return gate; };
    auto y = attention(q, k, v, weight_factor(gated, gates));
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/weight_factor]
    expect(y(0, 0, 0, 0) == 0);
  }
  {
    // [in]
    static static_arena<decltype(attention_workspace_bytes(q, k, v, causal))::value> memory;
    tensor<float, batch<2>, head<4>, token<6>, head_dim<8>> y;
    attention_into(y, q, k, v, causal, in(memory));  // allocates nothing
    // [/in]
    expect(max_abs_difference(y, attention(q, k, v, causal)) == 0);
  }
  {
    // [attention_workspace_bytes]
    auto bytes = attention_workspace_bytes(q, k, v, causal);
    static_assert(decltype(bytes)::value > 0);  // a std::integral_constant
    // [/attention_workspace_bytes]
    expect(bytes % 64 == 0);
  }
  {
    // [threads]
    auto y = attention(q, k, v, threads(2));  // the same bits for any number
    static_assert(shape_is<decltype(y), batch<2>, head<4>, token<6>, head_dim<8>>);
    // [/threads]
    expect(max_abs_difference(y, attention(q, k, v)) == 0);
  }
}

void caches() {
  tensor<float, batch<2>, head<8>, token<1>, head_dim<64>> q;
  tensor<float, batch<2>, kv_head<4>, key<1>, head_dim<64>> k, v;
  auto const one_q = contiguous(select<batch>(q, 0));
  auto const one_k = contiguous(select<batch>(k, 0)), one_v = contiguous(select<batch>(v, 0));
  {
    // [kv_cache]
    kv_cache<float, batch<2>, kv_head<4>, key<1024>, head_dim<64>> cache;
    cache.append(k, v);  // [batch<2>, kv_head<4>, key<1>, head_dim<64>], twice
    auto y = attention(q, cache, causal);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, head<8>, token<1>, head_dim<64>>>);
    // [/kv_cache]
    expect(cache.length() == 1);
  }
  {
    // [kv_ring]
    kv_ring<float, batch<2>, kv_head<4>, key<128>, head_dim<64>> ring;  // the last 128 keys
    ring.append(k, v);
    auto y = attention(q, ring, causal, window<127, 0>);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, head<8>, token<1>, head_dim<64>>>);
    // [/kv_ring]
    expect(ring.position() == 1);
  }
  {
    // [kv_pool]
    kv_pool<float, block<16>, kv_head<4>, head_dim<64>> pool(100);  // for 1600 keys
    paged_kv_cache first(pool), second(pool);
    // [/kv_pool]
    expect(first.length() == 0 && second.length() == 0);
  }
  {
    // [paged_kv_cache]
    kv_pool<float, block<16>, kv_head<4>, head_dim<64>> pool(100);
    paged_kv_cache sequence(pool);
    sequence.append(one_k, one_v);  // [kv_head<4>, key<1>, head_dim<64>], twice
    auto y = attention(one_q, sequence, causal);
    static_assert(type_is<decltype(y), tensor<float, head<8>, token<1>, head_dim<64>>>);
    // [/paged_kv_cache]
    expect(sequence.length() == 1);
  }
}

void layers() {
  using sequence = tensor<float, batch<2>, token<6>, embed<64>>;
  auto const x = filled<sequence>(5);
  {
    // [linear]
    linear<float, embed<64>, hidden<256>> layer;
    auto y = layer(x);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, hidden<256>>>);
    // [/linear]
    expect(y.size() == 2 * 6 * 256);
  }
  {
    // [multi_head_attention]
    multi_head_attention<float, embed<64>, head<8>> mha;
    auto y = mha(x, causal);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/multi_head_attention]
    expect(y.size() == x.size());
  }
  {
    // [feed_forward]
    feed_forward<float, embed<64>, hidden<256>> layer;
    auto y = layer(x);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/feed_forward]
    expect(y.size() == x.size());
  }
  {
    // [gated_feed_forward]
    gated_feed_forward<float, embed<64>, hidden<170>> layer;
    auto y = layer(x);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/gated_feed_forward]
    expect(y.size() == x.size());
  }
  {
    // [layer_normalization]
    layer_normalization<float, embed<64>> norm;
    auto y = norm(x);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/layer_normalization]
    expect(std::abs(mean<embed>(y)(0, 0)) < 1e-5f);
  }
  {
    // [rms_normalization]
    rms_normalization<float, embed<64>> norm;
    auto y = norm(x);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/rms_normalization]
    expect(std::abs(mean<embed>(multiply(y, y))(0, 0) - 1) < 1e-3f);
  }
  {
    // [encoder_layer]
    encoder_layer<float, embed<64>, head<8>, hidden<256>> layer;
    auto y = layer(x, causal);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/encoder_layer]
    expect(y.size() == x.size());
  }
  {
    // [decoder_layer]
    decoder_layer<float, embed<64>, head<8>, hidden<256>> layer;
    tensor<float, batch<2>, key<9>, embed<64>> memory;  // what an encoder gave
    auto y = layer(x, memory, to_self(causal));
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/decoder_layer]
    expect(y.size() == x.size());
  }
  {
    // [layer_stack]
    layer_stack<encoder_layer<float, embed<64>, head<8>, hidden<256>>, 6> encoder;
    auto y = encoder(x, causal);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/layer_stack]
    expect(encoder.layers.size() == 6 && y.size() == x.size());
  }
  {
    // [token_embedding]
    token_embedding<float, vocab<8000>, embed<64>> embedding;
    tensor<int, batch<2>, token<6>> ids;
    auto y = embedding(ids);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/token_embedding]
    expect(y.size() == x.size());
  }
  {
    // [learned_positions]
    learned_positions<float, token<512>, embed<64>> positions;
    auto y = positions(x);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/learned_positions]
    expect(y.size() == x.size());
  }
  {
    // [prepacked]
    multi_head_attention<float, embed<64>, head<8>> mha;
    fill_uniform(mha, 1);
    prepacked const fast(mha);
    auto y = fast(x, causal);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<64>>>);
    // [/prepacked]
    expect(max_abs_difference(y, mha(x, causal)) < 1e-5f);
  }
  {
    // [workspace_bytes]
    multi_head_attention<float, embed<64>, head<8>> mha;
    fill_uniform(mha, 1);
    static static_arena<decltype(workspace_bytes(mha, x, causal))::value> memory;
    tensor<float, batch<2>, token<6>, embed<64>> y;
    mha.into(y, x, causal, in(memory));  // allocates nothing
    // [/workspace_bytes]
    expect(max_abs_difference(y, mha(x, causal)) == 0);
  }
  {
    // [count_parameters]
    using layer = encoder_layer<float, embed<512>, head<8>, hidden<2048>>;
    static_assert(count_parameters<layer_stack<layer, 96>>() == 96 * 3'152'384);  // of a type: nothing is made
    multi_head_attention<float, embed<64>, head<8>> mha;
    std::size_t numbers = count_parameters(mha);  // 16'640
    // [/count_parameters]
    expect(numbers == 4 * (64 * 64 + 64));
  }
  {
    // [parameter_bytes]
    using layer = linear<bfloat16, embed<512>, hidden<2048>>;
    static_assert(parameter_bytes<layer>() == 2 * (512 * 2048 + 2048));
    std::size_t bytes = parameter_bytes(linear<float, embed<2>, hidden<3>>());  // 36
    // [/parameter_bytes]
    expect(bytes == 4 * (2 * 3 + 3));
  }
  {
    // [for_each_parameter]
    multi_head_attention<float, embed<64>, head<8>> mha;
    std::vector<std::string> names;
    for_each_parameter(mha, [&](std::string const& name, auto&) { names.push_back(name); });
    // [/for_each_parameter]
    expect(names.size() == 8 && names[0] == "query.weight" && names[7] == "out.bias");
  }
  {
    // [load]
    linear<float, embed<2>, hidden<3>> layer;
    std::vector<float> const weight{1, 2, 3, 4, 5, 6}, bias{7, 8, 9};  // as PyTorch saves them
    load(layer.weight, out_by_in, weight);
    load(layer.bias, bias);
    // [/load]
    expect(layer.weight(1, 0) == 2 && layer.bias(2) == 9);
  }
  {
    multi_head_attention<float, embed<64>, head<8>> mha;
    // [use_threads]
    use_threads const two(2);  // until the end of this scope
    auto y = mha(x, causal);
    // [/use_threads]
    expect(y.size() == x.size());
  }
}

}  // namespace

int main() {
  positions();
  calls_with_their_inputs();
  calls();
  options();
  caches();
  layers();
}
