// A user's program: an LSTM layer run one step at a time.
#include <cstdio>
#include <vector>

#include "eddy/recurrent.h"
#include "eddy/stream.h"

int main() {
  eddy::Random random(1);
  eddy::StackOptions options;
  options.layer.input = 3;
  options.layer.hidden = 4;
  const eddy::RecurrentStack lstm(options, "lstm", random);
  eddy::RecurrentStream stream(lstm);
  const std::vector<eddy::Real> frame = {1, 0, -1};
  for (eddy::Real h : stream.Step(frame.data())) std::printf("%.4f ", h);
  std::printf("\n");
}
