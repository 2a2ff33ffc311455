// A feed-forward part along the tokens: it is one of each token's width.
// C027 feed_forward: token=6 is no width of a token
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  feed_forward<float, token<6>, hidden<24>> y;
#else
  feed_forward<float, embed<6>, hidden<24>> y;
#endif
  (void)y;
}
