// SPDX-License-Identifier: BSL-1.0
// The examples of the reference: tensors and operations. Each region is one page's.
#include <array>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "expect.hpp"

using namespace conform;

namespace {

void tensors() {
  {
    // [tensor]
    tensor<float, batch<2>, token<6>> x;                        // zeros
    tensor<float, batch<2>, token<dyn<"T">>> y(bind<"T">(17));  // 17 tokens in this run
    tensor<float, token<2>, embed<3>> z{{1, 2, 3}, {4, 5, 6}};
    float last = z(1, 2);
    static_assert(shape_is<decltype(z), token<2>, embed<3>>);
    // [/tensor]
    expect(x(1, 5) == 0 && extent<token>(y) == 17 && last == 6);
  }
  {
    // [inplace_tensor]
    constexpr inplace_tensor<float, token<2>, embed<2>> x{{1, 2}, {3, 4}};
    static_assert(x(1, 0) == 3);  // a constant
    // [/inplace_tensor]
  }
  {
    // [tensor_view]
    tensor<float, token<6>, embed<4>> x;
    tensor_view<float, shape<token<6>, embed<4>>> all = x;
    all(5, 3) = 1;  // writes to x
    // [/tensor_view]
    expect(x(5, 3) == 1);
  }
  {
    // [bind]
    std::size_t const length = 17;
    tensor<float, token<dyn<"T">>, embed<4>> x(bind<"T">(length));
    // [/bind]
    expect(extent<token>(x) == length);
  }
  {
    // [extent]
    tensor<float, token<6>, embed<4>> x;
    std::size_t tokens = extent<token>(x);
    // [/extent]
    expect(tokens == 6);
  }
  {
    // [extent_c]
    tensor<float, token<6>, head<8>> x;
    static_assert(type_is<decltype(extent_c<head>(x)), boost::hana::size_t<8>>);
    // [/extent_c]
    expect(x.size() == 48);
  }
  {
    // [describe]
    tensor<float, token<6>, head<8>> x;
    std::string text = describe(x);  // "tensor of float [token=6, head=8], strides [8, 1], 192 bytes, row-major"
    // [/describe]
    expect_same(text, "tensor of float [token=6, head=8], strides [8, 1], 192 bytes, row-major");
  }
  {
    // [fill]
    tensor<float, token<6>, embed<4>> x;
    fill(x, 1);
    // [/fill]
    expect(x(5, 3) == 1);
  }
  {
    // [fill_uniform]
    tensor<float, token<6>, embed<4>> x;
    fill_uniform(x, 7);  // from -1 to 1, the same on every machine
    linear<float, embed<4>, embed<4>> layer;
    fill_uniform(layer, 7);  // its weights and biases
    // [/fill_uniform]
    expect(x(0, 0) != 0 && layer.weight(0, 0) != 0);
  }
}

void views() {
  {
    // [split]
    tensor<float, batch<2>, token<6>, embed<512>> x;
    auto heads = split<embed, head<8>, head_dim<64>>(x);
    static_assert(shape_is<decltype(heads), batch<2>, token<6>, head<8>, head_dim<64>>);
    // [/split]
    expect(heads.data() == x.data());
  }
  {
    // [merge]
    tensor<float, token<6>, head<8>, head_dim<64>> x;
    auto joined = merge<embed, head, head_dim>(x);
    static_assert(shape_is<decltype(joined), token<6>, merged<embed<512>, head<8>, head_dim<64>>>);
    // [/merge]
    expect(joined.data() == x.data());
  }
  {
    // [transpose]
    tensor<float, token<6>, head<8>, head_dim<64>> x;
    auto by_head = transpose<token, head>(x);
    static_assert(shape_is<decltype(by_head), head<8>, token<6>, head_dim<64>>);
    // [/transpose]
    expect(by_head.data() == x.data());
  }
  {
    // [permute]
    tensor<float, batch<2>, token<6>, head<8>> x;
    auto y = permute<head, batch, token>(x);
    static_assert(shape_is<decltype(y), head<8>, batch<2>, token<6>>);
    // [/permute]
    expect(y.data() == x.data());
  }
  {
    // [rename]
    tensor<float, token<6>, head_dim<64>> x;
    auto k = rename<token, key>(x);
    static_assert(shape_is<decltype(k), key<6>, head_dim<64>>);
    // [/rename]
    expect(k.data() == x.data());
  }
  {
    // [slice]
    tensor<float, token<6>, embed<4>> x;
    auto middle = slice<token, 2, 3>(x);  // from 2 on, 3 of them
    static_assert(shape_is<decltype(middle), token<3>, embed<4>>);
    std::size_t first = 1, count = 4;
    auto some = slice<token<dyn<"N">>>(x, first, count);
    static_assert(shape_is<decltype(some), token<dyn<"N">>, embed<4>>);
    // [/slice]
    expect(&middle(0, 0) == &x(2, 0) && extent<token>(some) == 4);
  }
  {
    // [select]
    tensor<float, head<8>, token<6>> x;
    auto one = select<head>(x, 3);
    static_assert(shape_is<decltype(one), token<6>>);
    // [/select]
    expect(&one(0) == &x(3, 0));
  }
  {
    // [chunk]
    tensor<float, token<4>, embed<1536>> x;
    auto [q, k, v] = chunk<embed, 3>(x);
    static_assert(shape_is<decltype(k), token<4>, embed<512>>);
    // [/chunk]
    expect(q.data() == x.data() && v.data() == x.data() + 1024);
  }
  {
    // [view]
    std::vector<float> values(6 * 512);
    auto x = view<token<6>, embed<512>>(std::span(values));
    auto heads = view<token<6>, head<8>, head_dim<64>>(x);
    static_assert(shape_is<decltype(heads), token<6>, head<8>, head_dim<64>>);
    // [/view]
    expect(heads.data() == values.data());
  }
  {
    // [as]
    tensor<float, token<dyn<"T">>, embed<4>> x(bind<"T">(6));
    auto y = as<token<6>>(x);  // throws shape_error where T is not 6
    static_assert(shape_is<decltype(y), token<6>, embed<4>>);
    // [/as]
    expect(y.data() == x.data());
  }
}

void copies() {
  {
    // [contiguous]
    tensor<float, head<8>, token<6>, head_dim<64>> x;
    auto y = contiguous(transpose<head, token>(x));
    static_assert(type_is<decltype(y), tensor<float, token<6>, head<8>, head_dim<64>>>);
    // [/contiguous]
    expect(y.stride(0) == 512);
  }
  {
    // [concat]
    tensor<float, token<6>, head_dim<2>> a, b;
    auto both = concat<head_dim>(a, b);
    static_assert(type_is<decltype(both), tensor<float, token<6>, head_dim<4>>>);
    tensor<float, token<4>, q_embed<512>> q;
    tensor<float, token<4>, k_embed<128>> k;
    auto parts = concat<qkv, q_embed, k_embed>(q, k);  // remembers its parts
    static_assert(shape_is<decltype(parts), token<4>, concatenated<qkv<640>, q_embed<512>, k_embed<128>>>);
    // [/concat]
    expect(both.size() == 24 && parts.size() == 4 * 640);
  }
  {
    // [stack]
    tensor<float, token<6>, head_dim<64>> a, b;
    auto heads = stack<head>(a, b);
    static_assert(type_is<decltype(heads), tensor<float, head<2>, token<6>, head_dim<64>>>);
    // [/stack]
    expect(heads.size() == 768);
  }
  {
    // [copy_into]
    tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
    tensor<float, embed<3>, token<2>> y;
    copy_into(y, x);  // axes are matched by name
    // [/copy_into]
    expect(y(2, 0) == 3);
  }
  {
    // [bfloat16]
    tensor<bfloat16, token<6>, embed<3>> x;
    fill(x, static_cast<bfloat16>(0.1f));
    auto y = x + x;  // computed in float, rounded once
    static_assert(type_is<decltype(y), tensor<bfloat16, token<6>, embed<3>>>);
    // [/bfloat16]
    expect(static_cast<float>(y(0, 0)) == 2 * static_cast<float>(x(0, 0)));
  }
  {
    // [cast]
    tensor<float, token<2>> x{1.5f, -2.5f};
    auto y = cast<int>(x);
    static_assert(type_is<decltype(y), tensor<int, token<2>>>);
    // [/cast]
    expect(y(0) == 1 && y(1) == -2);
  }
  {
    // [lookup]
    tensor<float, vocab<8000>, embed<256>> table;
    tensor<int, batch<2>, token<6>> ids;
    auto x = lookup<vocab>(table, ids);
    static_assert(type_is<decltype(x), tensor<float, batch<2>, token<6>, embed<256>>>);
    // [/lookup]
    expect(x.size() == 2 * 6 * 256);
  }
}

void products() {
  {
    // [matmul]
    tensor<float, head<8>, token<6>, head_dim<64>> q;
    tensor<float, head<8>, key<9>, head_dim<64>> k;
    auto scores = matmul<head_dim>(q, k);  // heads run along, nothing is turned
    static_assert(type_is<decltype(scores), tensor<float, head<8>, token<6>, key<9>>>);
    // [/matmul]
    expect(scores.size() == 8 * 6 * 9);
  }
  {
    // [contract]
    tensor<float, batch<2>, token<6>, embed<512>> x;
    tensor<float, embed<512>, hidden<64>> w;
    auto y = contract<embed>(x, w);
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, hidden<64>>>);
    // [/contract]
    expect(y.size() == 2 * 6 * 64);
  }
  {
    // [weighted_sum]
    tensor<float, token<6>, key<9>> scores;
    tensor<float, key<9>, head_dim<64>> v;
    auto context = weighted_sum<key>(softmax<key>(scores), v);
    static_assert(type_is<decltype(context), tensor<float, token<6>, head_dim<64>>>);
    // [/weighted_sum]
    expect(context.size() == 6 * 64);
  }
}

void elementwise() {
  {
    // [add]
    tensor<float, batch<2>, token<6>, embed<4>> x;
    tensor<float, embed<4>> bias{1, 2, 3, 4};
    auto y = x + bias;  // or add(x, bias): the bias is repeated along batch and token
    static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<4>>>);
    // [/add]
    expect(y(1, 5, 3) == 4);
  }
  {
    // [subtract]
    tensor<float, token<2>> a{3, 4}, b{1, 1};
    auto y = a - b;  // or subtract(a, b)
    static_assert(type_is<decltype(y), tensor<float, token<2>>>);
    // [/subtract]
    expect(y(1) == 3);
  }
  {
    // [multiply]
    tensor<float, token<2>> a{3, 4}, b{2, 2};
    auto y = multiply(a, b);  // there is no operator*: it could mean matmul
    static_assert(type_is<decltype(y), tensor<float, token<2>>>);
    // [/multiply]
    expect(y(1) == 8);
  }
  {
    // [combine]
    tensor<float, token<2>, embed<2>> x{{1, 2}, {3, 4}};
    tensor<float, embed<2>> floor{2, 3};
    auto y = combine([](float l, float r) { return l < r ? r : l; }, x, floor);
    static_assert(type_is<decltype(y), tensor<float, token<2>, embed<2>>>);
    // [/combine]
    expect(y(0, 0) == 2 && y(1, 1) == 4);
  }
  {
    // [apply]
    tensor<float, token<2>> x{2, 3};
    auto y = apply([](float v) { return v * v; }, x);
    static_assert(type_is<decltype(y), tensor<float, token<2>>>);
    // [/apply]
    expect(y(1) == 9);
  }
  {
    // [scaled]
    tensor<float, token<2>> x{2, 3};
    auto y = scaled(x, 0.5f);
    static_assert(type_is<decltype(y), tensor<float, token<2>>>);
    // [/scaled]
    expect(y(0) == 1);
  }
  {
    // [relu]
    tensor<float, hidden<2>> x{-1, 2};
    auto y = relu(x);
    static_assert(type_is<decltype(y), tensor<float, hidden<2>>>);
    // [/relu]
    expect(y(0) == 0 && y(1) == 2);
  }
  {
    // [gelu]
    tensor<float, hidden<2>> x{0, 100};
    auto y = gelu(x);
    static_assert(type_is<decltype(y), tensor<float, hidden<2>>>);
    // [/gelu]
    expect(y(0) == 0 && y(1) == 100);
  }
  {
    // [gelu_tanh]
    tensor<float, hidden<2>> x{0, 100};
    auto y = gelu_tanh(x);
    static_assert(type_is<decltype(y), tensor<float, hidden<2>>>);
    // [/gelu_tanh]
    expect(y(0) == 0 && y(1) == 100);
  }
  {
    // [silu]
    tensor<float, hidden<2>> x{0, 100};
    auto y = silu(x);
    static_assert(type_is<decltype(y), tensor<float, hidden<2>>>);
    // [/silu]
    expect(y(0) == 0 && y(1) == 100);
  }
  {
    // [max_abs_difference]
    tensor<float, token<2>, embed<2>> a{{1, 2}, {3, 4}};
    tensor<float, embed<2>, token<2>> b{{1, 3}, {2, 6}};
    float far = max_abs_difference(a, b);  // axes are matched by name
    // [/max_abs_difference]
    expect(far == 2);
  }
}

void along_an_axis() {
  {
    // [softmax]
    tensor<float, token<6>, key<9>> scores;
    auto weights = softmax<key>(scores);
    static_assert(shape_is<decltype(weights), token<6>, distribution<key<9>>>);
    // [/softmax]
    expect(weights(5, 8) == weights(0, 0));
  }
  {
    // [log_softmax]
    tensor<float, token<6>, vocab<9>> logits;
    auto y = log_softmax<vocab>(logits);
    static_assert(type_is<decltype(y), tensor<float, token<6>, vocab<9>>>);
    // [/log_softmax]
    expect(y(0, 0) < 0);
  }
  {
    // [sum]
    tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
    auto y = sum<token>(x);
    static_assert(type_is<decltype(y), tensor<float, embed<3>>>);
    // [/sum]
    expect(y(2) == 9);
  }
  {
    // [mean]
    tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
    auto y = mean<embed>(x);
    static_assert(type_is<decltype(y), tensor<float, token<2>>>);
    // [/mean]
    expect(y(1) == 5);
  }
  {
    // [max]
    tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
    auto y = conform::max<embed>(x);  // written out where std::max is meant too
    static_assert(type_is<decltype(y), tensor<float, token<2>>>);
    // [/max]
    expect(y(0) == 3);
  }
  {
    // [layer_norm]
    tensor<float, token<6>, embed<4>> x;
    tensor<float, embed<4>> weight{1, 1, 1, 1}, bias{0, 0, 0, 1};
    auto y = layer_norm<embed>(x, weight, bias);
    static_assert(type_is<decltype(y), tensor<float, token<6>, embed<4>>>);
    // [/layer_norm]
    expect(y(0, 3) == 1);
  }
  {
    // [rms_norm]
    tensor<float, token<6>, embed<4>> x;
    tensor<float, embed<4>> weight{1, 1, 1, 1};
    auto y = rms_norm<embed>(x, weight);
    static_assert(type_is<decltype(y), tensor<float, token<6>, embed<4>>>);
    // [/rms_norm]
    expect(y(0, 3) == 0);
  }
}

}  // namespace

int main() {
  tensors();
  views();
  copies();
  products();
  elementwise();
  along_an_axis();
}
