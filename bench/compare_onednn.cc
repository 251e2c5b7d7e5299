// oneDNN's worker of bench/compare: its RNN primitives, with their scratchpads and every array made before the timing.
//
// The weights' own layout is plain, [D or H, G, H]. Inference uses weights brought into the primitive's layout before the
// timing; both propagation kinds are candidates. In training the weights change at every step, so whatever layout a
// primitive wants other than the plain one is made from it in every repetition; so are zeros in the weights' gradients, to
// which the primitive adds. Candidates are the primitives' own choice of layout and the plain one.
#include <algorithm>
#include <cstring>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "compare_worker.h"
#include "onednn_cell.h"

namespace {

using namespace compare;
using dnnl::memory;
using dnnl::prop_kind;
using Tag = memory::format_tag;

constexpr auto kFloat = memory::data_type::f32;

// A primitive and its arrays by DNNL_ARG_...
struct Call {
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arrays;
  std::vector<dnnl_exec_arg_t> arguments;  // the same, ready to be passed

  void Bind() {
    arguments.clear();
    for (auto& [name, array] : arrays) arguments.push_back({name, array.get()});
  }
};

// An array that is brought into another layout.
struct Change {
  dnnl::reorder reorder;
  memory from, to;
};

class Network {
 public:
  // `plain`: weights in the plain layout rather than in one of the primitive's choice.
  Network(const Problem& problem, prop_kind kind, bool plain)
      : p_(problem), streams_(p_.mode == "step"), trains_(p_.mode == "train"), gates_(GateOrder(p_.cell)) {
    const dnnl::primitive_attr attributes = UserScratchpad();
    const dnnl_rnn_desc_t operation = ForwardOperation(p_.cell, kind, Describe(plain ? Tag::ldigo : Tag::any));
    const dnnl::primitive_desc forward(&operation, &attributes, engine_, nullptr);
    Allocate(forward, forward_);
    std::copy_n(p_.x.data(), p_.B * p_.D * (streams_ ? 1 : p_.T), Floats(forward_, DNNL_ARG_SRC_LAYER));
    FillBias(Floats(forward_, DNNL_ARG_BIAS));
    W_ = PlainWeights(p_.W, p_.D);
    U_ = PlainWeights(p_.U, p_.H);
    std::vector<Change> once = WeightsOf(forward_);
    for (Change& change : once) Make(change);
    if (trains_) {
      forward_changes_ = once;
      MakeBackward(plain ? Tag::ldgoi : Tag::any, attributes, forward.get());
    }
    forward_.Bind();
    if (streams_) MakeSteps();
  }

  void Infer() { Execute(forward_); }

  void Train() {
    for (Change& change : forward_changes_) Make(change);
    Execute(forward_);
    for (Change& change : backward_changes_) Make(change);
    for (int name : {DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS}) Clear(backward_, name);
    Execute(backward_);
    for (Change& change : gradient_changes_) Make(change);
  }

  void Step() {
    Execute(steps_[at_]);
    at_ = at_ + 1 < steps_.size() ? at_ + 1 : 0;
  }

  std::vector<float> Outputs() {
    std::vector<float> all;
    const auto append = [&](Call& call, int name, size_t size) {
      const float* from = Floats(call, name);
      all.insert(all.end(), from, from + size);
    };
    if (trains_) {
      Train();
    } else if (!streams_) {
      Infer();
    }
    for (size_t t = 0; t < steps_.size(); ++t) {
      Step();
      append(steps_[t], DNNL_ARG_DST_LAYER, p_.B * p_.H);
    }
    Call& last = streams_ ? steps_.back() : forward_;
    if (!streams_) append(last, DNNL_ARG_DST_LAYER, p_.T * p_.B * p_.H);
    append(last, DNNL_ARG_DST_ITER, p_.B * p_.H);
    if (p_.cell == "lstm") append(last, DNNL_ARG_DST_ITER_C, p_.B * p_.H);
    if (!trains_) return all;
    append(backward_, DNNL_ARG_DIFF_SRC_LAYER, p_.T * p_.B * p_.D);
    AppendWeights(dW_, p_.D, all);
    AppendWeights(dU_, p_.H, all);
    AppendBias(all);
    return all;
  }

 private:
  static dnnl::primitive_attr UserScratchpad() {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
  }

  Descriptors Describe(Tag weights) const {
    const auto dim = [](size_t n) { return static_cast<memory::dim>(n); };
    const memory::dim T = dim(streams_ ? 1 : p_.T), B = dim(p_.B), D = dim(p_.D), H = dim(p_.H), G = dim(p_.G);
    Descriptors d;
    d.x = {{T, B, D}, kFloat, Tag::tnc};
    d.W = {{1, 1, D, G, H}, kFloat, weights};
    d.U = {{1, 1, H, G, H}, kFloat, weights};
    d.bias = {{1, 1, p_.cell == "gru" ? G + 1 : G, H}, kFloat, Tag::ldgo};
    d.y = {{T, B, H}, kFloat, Tag::tnc};
    d.last = {{1, 1, B, H}, kFloat, Tag::ldnc};
    if (p_.cell == "lstm") d.last_c = d.last;
    // In inference the initial state is left out, which means zeros. In training that gives a wrong gradient of U (2.6.3).
    if (streams_ || trains_) {
      d.state = d.last;
      d.state_c = d.last_c;
    }
    return d;
  }

  // Makes the primitive and those of its arrays that `call` does not have yet, filled with zeros.
  void Allocate(const dnnl::primitive_desc& description, Call& call) {
    call.primitive = dnnl::primitive(description);
    const auto add = [&](int name, const memory::desc& desc) {
      if (desc.get_size() == 0 || call.arrays.count(name) > 0) return;
      call.arrays[name] = memory(desc, engine_);
      Clear(call, name);
    };
    for (int name : {DNNL_ARG_SRC_LAYER, DNNL_ARG_SRC_ITER, DNNL_ARG_SRC_ITER_C, DNNL_ARG_WEIGHTS_LAYER,
                     DNNL_ARG_WEIGHTS_ITER, DNNL_ARG_BIAS, DNNL_ARG_DST_LAYER, DNNL_ARG_DST_ITER, DNNL_ARG_DST_ITER_C,
                     DNNL_ARG_DIFF_SRC_LAYER, DNNL_ARG_DIFF_SRC_ITER, DNNL_ARG_DIFF_SRC_ITER_C, DNNL_ARG_DIFF_WEIGHTS_LAYER,
                     DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS, DNNL_ARG_DIFF_DST_LAYER, DNNL_ARG_DIFF_DST_ITER,
                     DNNL_ARG_DIFF_DST_ITER_C, DNNL_ARG_WORKSPACE}) {
      add(name, description.query_md(dnnl::query::exec_arg_md, name));
    }
    add(DNNL_ARG_SCRATCHPAD, description.scratchpad_desc());
  }

  static float* Floats(Call& call, int name) { return static_cast<float*>(call.arrays.at(name).get_data_handle()); }
  static void Clear(Call& call, int name) {
    const memory& array = call.arrays.at(name);
    std::memset(array.get_data_handle(), 0, array.get_desc().get_size());
  }
  memory::desc PlainDescriptor(size_t inner) const {
    const auto dim = [](size_t n) { return static_cast<memory::dim>(n); };
    return {{1, 1, dim(inner), dim(p_.G), dim(p_.H)}, kFloat, Tag::ldigo};
  }

  // weights [G*H, inner] -> [inner, G, H]
  memory PlainWeights(const std::vector<float>& weights, size_t inner) const {
    memory plain(PlainDescriptor(inner), engine_);
    float* to = static_cast<float*>(plain.get_data_handle());
    for (size_t i = 0; i < inner; ++i) {
      for (size_t gate : gates_) {
        for (size_t j = 0; j < p_.H; ++j) *to++ = weights[(gate * p_.H + j) * inner + i];
      }
    }
    return plain;
  }

  void AppendWeights(const memory& plain, size_t inner, std::vector<float>& all) const {
    const float* from = static_cast<const float*>(plain.get_data_handle());
    const size_t begin = all.size();
    all.resize(begin + p_.G * p_.H * inner);
    for (size_t i = 0; i < inner; ++i) {
      for (size_t gate : gates_) {
        for (size_t j = 0; j < p_.H; ++j) all[begin + (gate * p_.H + j) * inner + i] = *from++;
      }
    }
  }

  void FillBias(float* to) const {
    const size_t H = p_.H;
    const bool apart = p_.cell == "gru";
    for (size_t gate : gates_) {
      const bool merged = !apart || gate < 2;
      for (size_t j = gate * H; j < (gate + 1) * H; ++j) *to++ = p_.b[j] + (merged ? p_.c[j] : 0);
    }
    if (apart) std::copy_n(p_.c.data() + 2 * H, H, to);
  }

  // The gradients of b and, for a gru, of c, which differs from that of b in the candidate only.
  void AppendBias(std::vector<float>& all) {
    const size_t H = p_.H, begin = all.size();
    const float* from = Floats(backward_, DNNL_ARG_DIFF_BIAS);
    all.resize(begin + p_.G * H);
    for (size_t i = 0; i < p_.G; ++i) std::copy_n(from + i * H, H, all.data() + begin + gates_[i] * H);
    if (p_.cell != "gru") return;
    all.resize(begin + 2 * p_.G * H);
    std::copy_n(all.data() + begin, 2 * H, all.data() + begin + 3 * H);
    std::copy_n(from + 3 * H, H, all.data() + begin + 5 * H);
  }

  // Gives a primitive its weights: the plain arrays themselves, or what is made of them.
  std::vector<Change> WeightsOf(Call& call) {
    std::vector<Change> changes;
    for (const auto& [name, plain] : {std::pair{DNNL_ARG_WEIGHTS_LAYER, W_}, std::pair{DNNL_ARG_WEIGHTS_ITER, U_}}) {
      memory& array = call.arrays.at(name);
      if (array.get_desc() == plain.get_desc()) {
        array = plain;
      } else {
        changes.push_back({dnnl::reorder(plain, array), plain, array});
      }
    }
    return changes;
  }

  void MakeBackward(Tag weights, const dnnl::primitive_attr& attributes, const_dnnl_primitive_desc_t forward) {
    const Descriptors gradients = Describe(weights == Tag::any ? Tag::any : Tag::ldigo);
    const dnnl_rnn_desc_t operation = BackwardOperation(p_.cell, Describe(weights), gradients);
    backward_.arrays = forward_.arrays;
    for (int own : {DNNL_ARG_WEIGHTS_LAYER, DNNL_ARG_WEIGHTS_ITER, DNNL_ARG_SCRATCHPAD}) backward_.arrays.erase(own);
    Allocate(dnnl::primitive_desc(&operation, &attributes, engine_, forward), backward_);
    std::copy(p_.dy.begin(), p_.dy.end(), Floats(backward_, DNNL_ARG_DIFF_DST_LAYER));
    backward_changes_ = WeightsOf(backward_);
    const auto gradient = [&](int name, size_t inner) {
      const memory& made = backward_.arrays.at(name);
      if (made.get_desc() == PlainDescriptor(inner)) return made;
      const memory plain(PlainDescriptor(inner), engine_);
      gradient_changes_.push_back({dnnl::reorder(made, plain), made, plain});
      return plain;
    };
    dW_ = gradient(DNNL_ARG_DIFF_WEIGHTS_LAYER, p_.D);
    dU_ = gradient(DNNL_ARG_DIFF_WEIGHTS_ITER, p_.H);
    backward_.Bind();
  }

  // A call an input; two sets of states take turns in being read.
  void MakeSteps() {
    for (size_t t = 0; t < p_.T; ++t) {
      Call step = forward_;
      memory& x = step.arrays.at(DNNL_ARG_SRC_LAYER);
      x = memory(x.get_desc(), engine_);
      std::copy_n(p_.x.data() + t * p_.B * p_.D, p_.B * p_.D, Floats(step, DNNL_ARG_SRC_LAYER));
      if (t % 2 == 1) {
        std::swap(step.arrays.at(DNNL_ARG_SRC_ITER), step.arrays.at(DNNL_ARG_DST_ITER));
        if (p_.cell == "lstm") std::swap(step.arrays.at(DNNL_ARG_SRC_ITER_C), step.arrays.at(DNNL_ARG_DST_ITER_C));
      }
      step.Bind();
      steps_.push_back(std::move(step));
    }
  }

  void Make(Change& change) { change.reorder.execute(stream_, change.from, change.to); }

  void Execute(const Call& call) {
    const auto status = dnnl_primitive_execute(call.primitive.get(), stream_.get(), static_cast<int>(call.arguments.size()),
                                               call.arguments.data());
    dnnl::error::wrap_c_api(status, "could not execute a primitive");
    stream_.wait();
  }

  const Problem& p_;
  const bool streams_, trains_;
  const std::vector<size_t> gates_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  Call forward_, backward_;
  memory W_, U_, dW_, dU_;                                                     // in the plain layout
  std::vector<Change> forward_changes_, backward_changes_, gradient_changes_;  // that every training step makes
  std::vector<Call> steps_;
  size_t at_ = 0;
};

// Adds a way to run the problem, where oneDNN has one.
void Add(const Problem& problem, prop_kind kind, bool plain, std::vector<Candidate>& candidates) try {
  const auto network = std::make_shared<Network>(problem, kind, plain);
  const auto run = problem.mode == "inf" ? &Network::Infer : problem.mode == "train" ? &Network::Train : &Network::Step;
  const std::string setting = kind == prop_kind::forward_inference ? "forward_inference" : "forward_training";
  candidates.push_back({setting + (plain ? ", plain weights" : ", weights as it likes"),
                        [network, run] { ((*network).*run)(); }, [network] { return network->Outputs(); }});
} catch (const dnnl::error& error) {
  if (error.status != dnnl_unimplemented) throw;
}

std::vector<Candidate> Prepare(const Problem& problem) {
  if (problem.precision != "float32") throw compare::Unsupported(problem.precision + " is not measured");
  std::vector<Candidate> candidates;
  for (bool plain : {false, true}) {
    if (problem.mode != "train") Add(problem, prop_kind::forward_inference, plain, candidates);
    Add(problem, prop_kind::forward_training, plain, candidates);
  }
  if (candidates.empty()) throw compare::Unsupported("no implementation for " + problem.cell + " " + problem.mode);
  return candidates;
}

}  // namespace

int main() {
  const dnnl_version_t* version = dnnl_version();
  const std::string text =
      std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
  return compare::Serve("oneDNN " + text, Prepare);
}
