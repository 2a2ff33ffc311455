// A view of axes alone, without the type of the elements.
// C018 tensor_view: token=6 stands where the type of the elements does, such as float
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<8>> x;
#ifdef WRONG
  tensor_view<token<6>, embed<8>> all = x;
#else
  tensor_view<float, shape<token<6>, embed<8>>> all = x;
#endif
  (void)all;
}
