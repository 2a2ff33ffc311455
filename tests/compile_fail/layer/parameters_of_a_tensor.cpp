// The parameters of weights alone: a layer has them, one or many.
// C035 count_parameters: it takes a layer, such as multi_head_attention or layer_stack
#include <conform/conform.hpp>
using namespace conform;

int main() {
  using layer = linear<float, embed<512>, hidden<64>>;
#ifdef WRONG
  auto numbers = count_parameters<layer::weight_type>();
#else
  auto numbers = count_parameters<layer>();
#endif
  (void)numbers;
}
