// In the decoder the output of the encoder asks and the decoder's own sequence answers. With equally long sequences
// every shape fits. A reader: keys and values are to come from the encoder, as in the paper.
// https://github.com/rexrex9/nlp_torchtext/pull/2
// C005 attention: the queries [batch=5, key=3, head_dim=8] have no axis token
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<5>, token<3>, embed<12>> seq_inputs;  // the decoder's sequence
  tensor<float, batch<5>, key<3>, embed<12>> querys;        // the output of the encoder
  linear<float, embed<12>, head_dim<8>> lq, lk, lv;
#ifdef WRONG
  auto outs = attention(lq(querys), lk(seq_inputs), lv(seq_inputs));
#else
  auto outs = attention(lq(seq_inputs), lk(querys), lv(querys));
#endif
  (void)outs;
}
