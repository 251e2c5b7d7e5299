// The part that the C++ workers of bench/compare share: the line protocol and the timing. A worker serves one contestant on
// standard input and output, a line a request and a reply:
//     (at start)                                               ready DESCRIPTION | absent WHY
//     setup CELL MODE PRECISION T B D H THREADS WEIGHTS-FILE   ok OUTPUTS-FILE SETTING | unsupported WHY | failed WHY
//     run                                                      microseconds of one repetition
//     slowest COUNT SECONDS                                    microseconds of the longest repetition, and how many there
//     were quit
// compare_problem.py says what the files hold. A repetition is a forward over all steps (inf), that with the backward of y
// by dy to all weights and x (train), or one streaming step (step).
#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace compare {

struct Problem {
  std::string cell, mode, precision;
  size_t T, B, D, H;
  int threads;
  size_t G;  // gates
  // W [G*H, D], U [G*H, H], b and c [G*H], x [T, B, D], dy [T, B, H]
  std::vector<float> W, U, b, c, x, dy;
};

// A way to run a problem.
struct Candidate {
  std::string setting;
  std::function<void()> run;                    // one repetition
  std::function<std::vector<float>()> outputs;  // what the outputs file holds; called once, before any run
};

// The contestant has no such cell, mode or precision.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Serves requests until `quit` or the end of input; of the candidates the fastest is measured. They may refer to the
// problem, which outlives them.
int Serve(const std::string& description, const std::function<std::vector<Candidate>(const Problem&)>& prepare);

}  // namespace compare
