// Scores of tokens against tokens. Which of the two a call means, nobody could say: the second one is called key.
// C001 shape [head=8, token=6, token=6]: two axes are named token, rename one
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, head<8>, token<6>, token<6>> scores;
#else
  tensor<float, head<8>, token<6>, key<6>> scores;
#endif
  (void)scores;
}
