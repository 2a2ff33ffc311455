// SPDX-License-Identifier: BSL-1.0
// What a user with many warnings writes who has global variables and types of the names that everybody takes, before Conform is
// included, where it is no system header: what Conform calls by them is not said to hide the user's.
#define VARIABLE(name) [[maybe_unused]] static int name = 0;
#define TYPE(name) struct name {};

// clang-format off
VARIABLE(a) VARIABLE(b) VARIABLE(c) VARIABLE(d) VARIABLE(i) VARIABLE(j) VARIABLE(k) VARIABLE(l) VARIABLE(m) VARIABLE(n)
VARIABLE(p) VARIABLE(q) VARIABLE(r) VARIABLE(s) VARIABLE(t) VARIABLE(u) VARIABLE(v) VARIABLE(w) VARIABLE(x) VARIABLE(y)
VARIABLE(z) VARIABLE(all) VARIABLE(at) VARIABLE(axes) VARIABLE(bytes) VARIABLE(columns) VARIABLE(count) VARIABLE(data)
VARIABLE(depth) VARIABLE(extents) VARIABLE(factor) VARIABLE(from) VARIABLE(group) VARIABLE(heads) VARIABLE(height)
VARIABLE(input) VARIABLE(keys) VARIABLE(length) VARIABLE(lines) VARIABLE(list) VARIABLE(mask) VARIABLE(memory) VARIABLE(name)
VARIABLE(number) VARIABLE(offset) VARIABLE(options) VARIABLE(out) VARIABLE(output) VARIABLE(part) VARIABLE(place)
VARIABLE(places) VARIABLE(position) VARIABLE(rank) VARIABLE(result) VARIABLE(row) VARIABLE(rows) VARIABLE(scale)
VARIABLE(scores) VARIABLE(seed) VARIABLE(size) VARIABLE(step) VARIABLE(strides) VARIABLE(sum) VARIABLE(text) VARIABLE(threads)
VARIABLE(to) VARIABLE(token) VARIABLE(top) VARIABLE(value) VARIABLE(values) VARIABLE(weights) VARIABLE(where) VARIABLE(width)
TYPE(block) TYPE(call) TYPE(element) TYPE(facts) TYPE(first) TYPE(item) TYPE(kept) TYPE(layout) TYPE(map) TYPE(model) TYPE(node)
TYPE(pair) TYPE(part_shape) TYPE(parts) TYPE(point) TYPE(rule) TYPE(second) TYPE(settings) TYPE(shape) TYPE(table) TYPE(tile)
TYPE(vector)
// clang-format on

#include <conform/conform.hpp>

namespace {

namespace cf = conform;

template <class T>
bool runs() {
  cf::tensor<T, cf::batch<2>, cf::token<4>, cf::embed<16>> tokens;
  cf::fill_uniform(tokens, 1);
  cf::encoder_layer<T, cf::embed<16>, cf::head<2>, cf::hidden<32>> layer;
  cf::fill_uniform(layer, 2);
  auto const encoded = layer(tokens, cf::causal, cf::dropout(0.1F, 7));
  cf::decoder_layer<T, cf::embed<16>, cf::head<2>, cf::hidden<32>, cf::norm_placement::pre, cf::activation::silu,
                    cf::with_rms_normalization, cf::with_gated_feed_forward>
      decoder;
  cf::fill_uniform(decoder, 3);
  auto const decoded = decoder(tokens, cf::rename<cf::token, cf::key>(encoded), cf::to_self(cf::causal));
  auto const both = cf::concat<cf::token>(encoded, decoded);
  auto const divided = cf::split<cf::embed, cf::head<2>, cf::head_dim<8>>(both);
  auto const turned = cf::contiguous(cf::transpose<cf::token, cf::head>(divided));
  cf::kv_cache<T, cf::batch<2>, cf::head<2>, cf::key<16>, cf::head_dim<8>> cache;
  auto const cached = cf::rename<cf::token, cf::key>(divided);
  cache.append(cached, cached);
  auto const attended = cf::attention(turned, cache, cf::causal, cf::window_of(2, 0));
  auto const weighed = cf::softmax<cf::head_dim>(attended);
  return weighed.at(0, 0, 0, 0) > T(0);
}

}  // namespace

int main() { return runs<float>() && runs<double>() ? 0 : 1; }
