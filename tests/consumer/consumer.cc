// A user's program: a layer run one step at a time, for a cell of Eddy's and one that this program brings along.
#include <cstdio>
#include <vector>

#include "eddy/eddy.h"

int main() {
  if (eddy::Version() != EDDY_VERSION) return 1;
  for (const char* cell : {"lstm", "ugrnn"}) {
    eddy::Random random(1);
    eddy::StackOptions options;
    options.layer.cell = cell;
    options.layer.input = 3;
    options.layer.hidden = 4;
    const eddy::RecurrentStack stack(options, "stack", random);
    eddy::RecurrentStream stream(stack);
    const std::vector<eddy::Real> frame = {1, 0, -1};
    for (eddy::Real h : stream.Step(frame.data())) std::printf("%.4f ", static_cast<double>(h));
  }
  std::printf("\n");
}
