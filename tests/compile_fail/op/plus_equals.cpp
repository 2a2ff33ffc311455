// A tensor added to another in its place.
// C042 +=: it is no operator, x = std::move(x) + y is written over x
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, embed<512>> y;
#ifdef WRONG
  x += y;
#else
  x = std::move(x) + y;
#endif
}
