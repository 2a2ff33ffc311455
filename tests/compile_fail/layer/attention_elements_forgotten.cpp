// A layer without the type of its elements.
// C018 multi_head_attention: embed=512 stands where the type of the elements does, such as float
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  multi_head_attention<embed<512>, head<8>> mha;
#else
  multi_head_attention<float, embed<512>, head<8>> mha;
#endif
  (void)mha;
}
