// Keys become a tensor over tokens. The extents are the same, the axes are not.
// C005 tensor [token=6, embed=512]: no axis token in [key=6, embed=512], rename<key, token> if they are one
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, key<6>, embed<512>> k;
#ifdef WRONG
  tensor<float, token<6>, embed<512>> y = k;
#else
  tensor<float, token<6>, embed<512>> y(rename<key, token>(k));
#endif
  (void)y;
}
