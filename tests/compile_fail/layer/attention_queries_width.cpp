// The queries alone, of an input of another width.
// C008 multi_head_attention: query: linear embed=512 to embed=512: the input has embed=256
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
#ifdef WRONG
  tensor<float, token<6>, embed<256>> x;
  auto y = mha.queries(x);
#else
  tensor<float, token<6>, embed<512>> x;
  auto y = mha.queries(x);
#endif
  (void)y;
}
