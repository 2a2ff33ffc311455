// A view whose axes stand in no shape.
// C034 tensor_view: [token=6, embed=8] stands where a shape does, such as shape<token<6>, embed<512>>
// Why: How a view lies in memory is in its type too, behind the shape.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, embed<8>> x;
#ifdef WRONG
  tensor_view<float, token<6>, embed<8>> all = x;
#else
  tensor_view<float, shape<token<6>, embed<8>>> all = x;
#endif
  (void)all;
}
