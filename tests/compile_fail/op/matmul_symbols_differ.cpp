// A sum over T positions on one side and S on the other.
// C008 matmul: key=T on the left, key=S on the right
// Why: That both are 9 is luck of this run. `as<key<dyn<"T">>>(v)` claims it.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, key<dyn<"T">>> weights(bind<"T">(9));
#ifdef WRONG
  tensor<float, key<dyn<"S">>, head_dim<64>> v(bind<"S">(9));
  auto y = matmul<key>(weights, v);
#else
  tensor<float, key<dyn<"T">>, head_dim<64>> v(bind<"T">(9));
  auto y = matmul<key>(weights, v);
#endif
  (void)y;
}
