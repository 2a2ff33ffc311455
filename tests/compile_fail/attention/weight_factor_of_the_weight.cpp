// A function of the weight.
// C044 weight_factor: the function cannot be called as f(std::ptrdiff_t query, std::ptrdiff_t key) const
// Why: A weight is complete when all keys were seen, and attention never has all of them in its hands: a factor is enough.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, weight_factor([](float weight, auto, auto) { return weight > 0.01f ? 1.0f : 0.0f; }));
#else
  auto y = attention(q, k, v, weight_factor([](auto query, auto key) { return query == key ? 0.0f : 1.0f; }));
#endif
  (void)y;
}
