// A product without a sum, of nine axes and eight others: a shape has 16 at most.
// C001 contract: the result has more than 16 axes
#include <conform/conform.hpp>
using namespace conform;

template <std::size_t N>
struct a : axis<"a", N> {};
template <std::size_t N>
struct b : axis<"b", N> {};
template <std::size_t N>
struct c : axis<"c", N> {};
template <std::size_t N>
struct d : axis<"d", N> {};
template <std::size_t N>
struct e : axis<"e", N> {};
template <std::size_t N>
struct f : axis<"f", N> {};
template <std::size_t N>
struct g : axis<"g", N> {};
template <std::size_t N>
struct h : axis<"h", N> {};
template <std::size_t N>
struct i : axis<"i", N> {};
template <std::size_t N>
struct j : axis<"j", N> {};
template <std::size_t N>
struct k : axis<"k", N> {};
template <std::size_t N>
struct m : axis<"m", N> {};
template <std::size_t N>
struct n : axis<"n", N> {};
template <std::size_t N>
struct o : axis<"o", N> {};
template <std::size_t N>
struct p : axis<"p", N> {};
template <std::size_t N>
struct q : axis<"q", N> {};

int main() {
  tensor<float, a<1>, b<1>, c<1>, d<1>, e<1>, f<1>, g<1>, h<1>, token<2>> l;
  tensor<float, i<1>, j<1>, k<1>, m<1>, n<1>, o<1>, p<1>, q<1>, token<2>> r;
#ifdef WRONG
  auto y = contract<>(l, rename<token, key>(r));
#else
  auto y = contract<token>(l, r);
#endif
  (void)y;
}
