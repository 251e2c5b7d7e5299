// Recurrent: one recurrent layer in one direction, for any cell of the table. RecurrentStack: several, stacked, in one or
// two directions. Shapes: T steps, B rows (sequences), D inputs, H hidden units.
//
// One step of any cell (gates = x + u, states = P(states, gates)):
//     x = W input + b            W [G*H, D], b [G*H]
//     u = U h (+ c)              U [G*H, R], c [G*H] only for cells that need it; R = projection or H. A cell of two
//     products
//                                has U [F*H, R] for its first F gates and U2 [(G-F)*H, H] for the others
//     state = Step(x, u, state, p)
//     h = state[0]               or r = P state[0], P [R, H], with a projection (Sak 2014)
//
// The laws: a row's forward is the same, bit for bit, for any batch around it, any number of threads, and whether it is run
// whole or a step at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "eddy/cell.h"
#include "eddy/random.h"
#include "eddy/sequence.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

struct RecurrentOptions {
  std::string cell = "lstm";
  size_t input = 0;       // D, at least 1
  size_t hidden = 0;      // H, at least 1
  size_t projection = 0;  // R; 0 for none
  bool reverse = false;   // runs each sequence from its end
  // Normalises W input and U h of a step over all their gates, each with a gain (Ba 2016, equation 20).
  bool layer_norm = false;
  // Each probability in [0, 1), in training only.
  double variational_dropout = 0;  // of inputs and of h where it enters U, one mask a sequence (Gal 2016)
  double recurrent_dropout = 0;    // of h where it enters U (or Step, in a cell without U), a mask a step
  double zoneout = 0;              // of keeping a unit's state (Krueger 2017); its expectation is used in inference
  double state_clip = 0;           // states are kept in [-clip, clip]; 0 for no limit
  bool learned_state = false;      // whether the initial state is trained; zero otherwise
  double forget_bias = 1;          // added to the forget gate's bias at the start (Jozefowicz 2015)
};

// What backward may cost in memory.
struct Bptt {
  bool outputs = true;      // whether the outputs of every step are wanted; if not, `y` is none
  size_t memory_bytes = 0;  // keeps at most about this much between forward and backward and recomputes the rest from
                            // checkpoints through time (Chen 2016); 0 keeps everything
};

// Numbers for looking inside a layer: the forward fills `activations`, the backward `gradient_norms`.
struct Trace {
  // gradient_norms[t]: the Euclidean norm, over all rows, of d loss / d state before step t.
  std::vector<double> gradient_norms;
  // The share of an activation's values, over steps, rows and units, within 0.05 of its lower and its upper limit (0 and 1
  // for a sigmoid, -1 and 1 for a tanh).
  struct Activation {
    std::string name;  // such as "sigmoid i"
    double low = 0, high = 0;
  };
  std::vector<Activation> activations;
};

class LayerRun;
class StepRunner;

class Recurrent {
 public:
  // Recurrent weights orthogonal (Saxe 2014) a gate, or the identity where the cell asks for it; input weights uniform in
  // +-sqrt(3 / D); biases 0 but the forget gate's. Throws Error for options out of range.
  Recurrent(const RecurrentOptions& options, std::string name, Random& random);

  // A layer over parameters that stand elsewhere, as the weights of another framework do: one for each entry of
  // ParameterShapes(), in its order, whose name ends with the entry's and whose memory, of the value and of the gradient, is
  // used as it is. Throws Error for options out of range and for parameters that do not fit.
  Recurrent(const RecurrentOptions& options, std::vector<Parameter> parameters);
  // The last part of a parameter's name, such as ".W", and its shape: in the order of parameters().
  static std::vector<std::pair<std::string, Shape>> ParameterShapes(const RecurrentOptions& options);

  struct Output {
    Var y;      // [T, B, R], none unless asked for
    Var state;  // [B, state_width()]: after each row's last step
  };
  // x [T, B, D]; state [B, state_width()], the initial state when none.
  Output Forward(Tape& tape, Var x, const Sequence& sequence, Var state = {}, const Bptt& bptt = {},
                 Trace* trace = nullptr) const;

  // The state of a row, contiguous: all state components [S, H], then the projected output [R] if there is one. It is a
  // value: copy it, keep it, carry it from one segment to the next, hand it to a stream.
  size_t state_width() const;
  size_t output_width() const;  // R, or H without a projection
  Tensor InitialState(size_t rows) const;

  // Packs the weights for inference once and for all: forwards on inference tapes of this precision then run with the
  // weights as they are now, until Thaw(). Otherwise every forward packs them anew.
  void Freeze(Precision precision, Threads& threads);
  void Thaw() { frozen_ = nullptr; }

  const RecurrentOptions& options() const { return options_; }
  const CellType& cell() const { return *cell_; }
  std::vector<Parameter*> parameters() { return Owned(); }
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  friend class LayerRun;
  std::vector<Parameter*> Owned() const;

  RecurrentOptions options_;
  const CellType* cell_;
  OwnedParameter W_, b_, U_, U2_, c_, p_, P_, s0_, gain_x_, gain_u_;
  std::shared_ptr<const StepRunner> frozen_;
};

struct StackOptions {
  RecurrentOptions layer;  // of every layer; input is that of the first
  size_t layers = 1;
  bool bidirectional = false;  // outputs are the two directions' side by side, forward first
  double dropout = 0;          // between layers, in training
  bool residual = false;       // adds a layer's input to its output where their widths agree
  // Of a trained stack's products: a stream runs in it. A tape says its own.
  Precision precision = Precision::kFloat32;
};

class RecurrentStack {
 public:
  RecurrentStack(const StackOptions& options, const std::string& name, Random& random);
  RecurrentStack(RecurrentStack&&) noexcept = default;
  RecurrentStack& operator=(RecurrentStack&&) noexcept = default;

  struct Output {
    Var y;                   // [T, B, output_width()], the last layer's
    std::vector<Var> state;  // one a layer and direction, in the order of layers()
  };
  // `state` is empty for the initial state, or as an earlier output's (detached by Tape::Constant, or not).
  Output Forward(Tape& tape, Var x, const Sequence& sequence, const std::vector<Var>& state = {}, const Bptt& bptt = {},
                 std::vector<Trace>* traces = nullptr) const;

  size_t output_width() const;
  std::vector<Recurrent>& layers() { return layers_; }
  const std::vector<Recurrent>& layers() const { return layers_; }
  const StackOptions& options() const { return options_; }
  void SetPrecision(Precision precision) { options_.precision = precision; }
  void Freeze(Threads& threads);  // every layer, in options().precision
  void Thaw();
  std::vector<Parameter*> parameters();
  std::vector<const Parameter*> parameters() const { return ReadOnly(*this); }

 private:
  StackOptions options_;
  std::vector<Recurrent> layers_;  // forward and reverse of the first layer, then of the second ...
};

}  // namespace eddy
EDDY_API_END
