// A concatenated axis whose parts do not add up to its extent: the keys and values of a grouped projection are
// narrower.
// C009 shape [token=6, qkv=1536]: qkv is q_embed=512 + k_embed=128 + v_embed=128, which make 768
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, token<6>, concatenated<qkv<1536>, q_embed<512>, k_embed<128>, v_embed<128>>> x;
#else
  tensor<float, token<6>, concatenated<qkv<768>, q_embed<512>, k_embed<128>, v_embed<128>>> x;
#endif
  (void)x;
}
