#include "tasks/translate/beam_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "data/length_batches.h"
#include "eddy/error.h"
#include "kernels/math.h"

namespace eddy {
namespace {

constexpr size_t kMostHypotheses = 320;       // hypotheses side by side
constexpr size_t kMostSourceSteps = 1 << 16;  // rows times steps of a batch of sources
constexpr double kNever = -std::numeric_limits<double>::infinity();

size_t MostSteps(size_t source_steps) { return 3 * source_steps + 20; }

double LengthPenalty(size_t tokens, double alpha) { return std::pow((5 + static_cast<double>(tokens)) / 6, alpha); }

// The beginnings of one source's translations, and what has ended.
struct Beam {
  std::vector<Hypothesis> live;   // beginnings that go on: exactly `width` once a step has been made, the list being filled
                                  // up with hypotheses of probability 0 where there are fewer
  std::vector<size_t> parents;    // parents[i]: which of the hypotheses before the last step live[i] goes on from
  std::vector<Hypothesis> ended;  // in the order in which they ended
};

// One way to go on.
struct Candidate {
  double log_probability = kNever;
  size_t parent = 0;
  int32_t token = 0;
};

// The likeliest candidates so far, the best first; of equals the first stays first.
class Likeliest {
 public:
  explicit Likeliest(size_t most) : most_(most) {}
  void Offer(const Candidate& candidate) {
    if (kept_.size() == most_ && !(candidate.log_probability > kept_.back().log_probability)) return;
    if (kept_.size() == most_) kept_.pop_back();
    const auto worse = [](const Candidate& a, const Candidate& b) { return a.log_probability > b.log_probability; };
    kept_.insert(std::upper_bound(kept_.begin(), kept_.end(), candidate, worse), candidate);
  }
  const std::vector<Candidate>& kept() const { return kept_; }

 private:
  size_t most_;
  std::vector<Candidate> kept_;
};

// What a network keeps of a batch between steps.
struct Reader {
  Tensor keys, values;
  std::vector<Tensor> state;  // [rows, width] a layer
};

Tensor GatherRows(const Tensor& x, const std::vector<size_t>& rows) {
  const size_t width = x.dim(1);
  Tensor gathered = Tensor::Uninitialized({rows.size(), width});
  for (size_t i = 0; i < rows.size(); ++i) std::copy_n(x.data() + rows[i] * width, width, gathered.data() + i * width);
  return gathered;
}

// Rows of x [S, B, width] that belong to these b.
Tensor GatherSources(const Tensor& x, const std::vector<size_t>& kept) {
  const size_t S = x.dim(0), B = x.dim(1), width = x.dim(2);
  std::vector<size_t> rows;
  for (size_t s = 0; s < S; ++s) {
    for (const size_t b : kept) rows.push_back(s * B + b);
  }
  return GatherRows(x.Reshape({S * B, width}), rows).Reshape({S, kept.size(), width});
}

// The search for a batch of sources. Row k B + b of what the networks step is hypothesis k of source b.
class BatchSearch {
 public:
  BatchSearch(std::span<TranslatorNetwork* const> networks, const TokenBatch& sources, const BeamOptions& options,
              Threads& threads)
      : networks_(networks),
        options_(options),
        threads_(threads),
        sequence_(sources.sequence),
        beams_(sources.sequence.rows),
        places_(sources.sequence.rows),
        found_(sources.sequence.rows) {
    std::iota(places_.begin(), places_.end(), size_t{0});
    const SideFormat& target = networks[0]->design().target;
    end_ = target.vocabulary.end();
    if (target.unit != SideUnit::kWords) never_ = target.vocabulary.unknown();
    for (Beam& beam : beams_) beam.live.resize(1);
    for (TranslatorNetwork* network : networks) {
      Tape tape(threads, Tape::Mode::kInference, 0, network->precision());
      const TranslatorNetwork::Memory memory = network->Read(tape, sources);
      Reader reader{tape.Value(memory.keys), tape.Value(memory.values), {}};
      for (const Var state : memory.state) reader.state.push_back(tape.Value(state));
      readers_.push_back(std::move(reader));
    }
  }

  std::vector<std::vector<Hypothesis>> Run() && {
    while (std::any_of(beams_.begin(), beams_.end(), [&](const Beam& beam) { return !beam.live.empty(); })) Step();
    for (size_t b = 0; b < rows(); ++b) Finish(b);
    return std::move(found_);
  }

 private:
  size_t rows() const { return beams_.size(); }

  // The last token of every row; a source that is done reads anything.
  TokenBatch Inputs() const {
    TokenBatch inputs{{1, width_ * rows(), {}, {}}, {}};
    for (size_t k = 0; k < width_; ++k) {
      for (const Beam& beam : beams_) {
        const bool begun = k < beam.live.size() && !beam.live[k].tokens.empty();
        inputs.tokens.push_back(begun ? beam.live[k].tokens.back() : end_);
      }
    }
    return inputs;
  }

  void Step() {
    const TokenBatch inputs = Inputs();
    std::vector<Tensor> logits;  // a network: [rows, V]
    for (size_t n = 0; n < networks_.size(); ++n) {
      Reader& reader = readers_[n];
      Tape tape(threads_, Tape::Mode::kInference, 0, networks_[n]->precision());
      std::vector<Var> state;
      for (const Tensor& each : reader.state) state.push_back(tape.Constant(each));
      const TranslatorNetwork::Memory memory{tape.Constant(reader.keys), tape.Constant(reader.values), {}, sequence_};
      const TranslatorNetwork::Written written = networks_[n]->Write(tape, inputs, memory, state);
      logits.push_back(tape.Value(written.logits));
      for (size_t i = 0; i < state.size(); ++i) reader.state[i] = tape.Value(written.state[i]);
    }
    threads_.For(rows(), 1, [&](size_t begin, size_t end) {
      for (size_t b = begin; b < end; ++b) Extend(b, logits);
    });
    Reorder();
  }

  // How likely each token is after hypothesis k of source b, in the mean of the networks.
  std::vector<double> LogProbabilities(size_t k, size_t b, const std::vector<Tensor>& logits) const {
    const size_t V = networks_[0]->design().target.vocabulary.size();
    std::vector<double> sums(V);
    for (const Tensor& each : logits) {
      const Real* row = each.data() + (k * rows() + b) * V;
      const SoftmaxScale scale = ScaleOfSoftmax(row, V);
      const double log_sum = std::log(scale.sum) + static_cast<double>(scale.max);
      for (size_t v = 0; v < V; ++v) sums[v] += static_cast<double>(row[v]) - log_sum;
    }
    for (double& sum : sums) sum /= static_cast<double>(logits.size());
    return sums;
  }

  void Extend(size_t b, const std::vector<Tensor>& logits) {
    Beam& beam = beams_[b];
    if (beam.live.empty()) return;
    Likeliest likeliest(2 * options_.width);  // each hypothesis can end once: enough are left that do not
    for (size_t k = 0; k < beam.live.size(); ++k) {
      if (beam.live[k].log_probability == kNever) continue;
      const std::vector<double> log_probabilities = LogProbabilities(k, b, logits);
      for (size_t v = 0; v < log_probabilities.size(); ++v) {
        const auto token = static_cast<int32_t>(v);
        if (token != never_) likeliest.Offer({beam.live[k].log_probability + log_probabilities[v], k, token});
      }
    }
    Advance(beam, likeliest.kept(), MostSteps(sequence_.Length(b)));
  }

  void Advance(Beam& beam, const std::vector<Candidate>& candidates, size_t most_steps) {
    std::vector<Hypothesis> live;
    beam.parents.clear();
    const auto score = [&](Hypothesis& hypothesis, size_t tokens) {
      hypothesis.score = hypothesis.log_probability / LengthPenalty(tokens, options_.length_penalty);
    };
    for (size_t rank = 0; rank < candidates.size() && live.size() < options_.width; ++rank) {
      const Candidate& candidate = candidates[rank];
      Hypothesis hypothesis{beam.live[candidate.parent].tokens, candidate.log_probability, 0};
      if (candidate.token != end_) {
        hypothesis.tokens.push_back(candidate.token);
        beam.parents.push_back(candidate.parent);
        live.push_back(std::move(hypothesis));
      } else if (rank < options_.width) {  // below, it has lost to what goes on
        score(hypothesis, hypothesis.tokens.size() + 1);
        beam.ended.push_back(std::move(hypothesis));
      }
    }
    const bool cut_off = !live.empty() && live[0].tokens.size() >= most_steps;
    if (cut_off) {
      for (Hypothesis& hypothesis : live) {
        score(hypothesis, hypothesis.tokens.size());
        beam.ended.push_back(std::move(hypothesis));
      }
    }
    if (cut_off || live.empty() || beam.ended.size() >= options_.width) live.clear();
    beam.live = std::move(live);
    if (beam.live.empty()) return;
    beam.live.resize(options_.width, {{}, kNever, 0});
    beam.parents.resize(options_.width);
  }

  // The sources that take part in the next step: once most of them are done, only the others.
  std::vector<size_t> Kept() const {
    std::vector<size_t> all(rows()), live;
    std::iota(all.begin(), all.end(), size_t{0});
    for (const size_t b : all) {
      if (!beams_[b].live.empty()) live.push_back(b);
    }
    return 2 * live.size() > all.size() ? all : live;  // moving their memory has its cost, too
  }

  // Each row's states become those of its parent.
  void Reorder() {
    const std::vector<size_t> kept = Kept();
    std::vector<size_t> from;
    for (size_t k = 0; k < options_.width; ++k) {
      for (const size_t b : kept) from.push_back((beams_[b].live.empty() ? 0 : beams_[b].parents[k]) * rows() + b);
    }
    width_ = options_.width;
    for (Reader& reader : readers_) {
      for (Tensor& state : reader.state) state = GatherRows(state, from);
    }
    if (!kept.empty() && kept.size() < rows()) LeaveOut(kept);
  }

  // All sources but these are done.
  void LeaveOut(const std::vector<size_t>& kept) {
    for (Reader& reader : readers_) {
      reader.keys = GatherSources(reader.keys, kept);
      reader.values = GatherSources(reader.values, kept);
    }
    std::vector<Beam> beams;
    std::vector<size_t> places, lengths;
    for (size_t b = 0; b < rows(); ++b) {
      if (beams_[b].live.empty()) Finish(b);
    }
    for (const size_t b : kept) {
      beams.push_back(std::move(beams_[b]));
      places.push_back(places_[b]);
      lengths.push_back(sequence_.Length(b));
    }
    beams_ = std::move(beams);
    places_ = std::move(places);
    sequence_.rows = kept.size();
    sequence_.lengths = std::move(lengths);
  }

  void Finish(size_t b) {
    std::vector<Hypothesis>& ended = beams_[b].ended;
    const auto better = [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; };
    std::stable_sort(ended.begin(), ended.end(), better);
    ended.resize(std::min(ended.size(), options_.best));
    found_[places_[b]] = std::move(ended);
  }

  std::span<TranslatorNetwork* const> networks_;
  const BeamOptions& options_;
  Threads& threads_;
  Sequence sequence_;                           // of the sources that take part in a step
  std::vector<Beam> beams_;                     // of each
  std::vector<size_t> places_;                  // of each, its place in the batch
  std::vector<std::vector<Hypothesis>> found_;  // of the whole batch
  std::vector<Reader> readers_;
  size_t width_ = 1;  // hypotheses a source: one at the beginning
  int32_t end_ = 0, never_ = kNoToken;
};

void RequireValid(std::span<TranslatorNetwork* const> networks, const BeamOptions& options) {
  Require(!networks.empty(), "translate", "the networks", "at least one", "none");
  Require(options.width >= 1 && options.width <= kMostBeam, "translate", "the beam", "1 to 256 wide",
          std::to_string(options.width));
  Require(options.best >= 1 && options.best <= options.width, "translate", "the number of best",
          "from 1 to the beam's width, " + std::to_string(options.width), std::to_string(options.best));
  Require(options.length_penalty >= 0 && std::isfinite(options.length_penalty), "translate", "the length penalty",
          "at least 0", std::to_string(options.length_penalty));
}

}  // namespace

std::vector<std::vector<Hypothesis>> SearchBeams(std::span<TranslatorNetwork* const> networks,
                                                 std::span<const std::vector<int32_t>> sources, const BeamOptions& options,
                                                 Threads& threads) {
  RequireValid(networks, options);
  for (TranslatorNetwork* network : networks) network->Freeze(threads);
  const auto length = [&](size_t i) { return sources[i].size(); };
  const size_t most_rows = std::max<size_t>(1, kMostHypotheses / options.width);
  std::vector<std::vector<Hypothesis>> found(sources.size());
  for (const std::vector<size_t>& numbers : BatchesByLength(sources.size(), length, most_rows, kMostSourceSteps)) {
    std::vector<std::span<const int32_t>> rows;
    for (const size_t i : numbers) rows.emplace_back(sources[i]);
    const TokenBatch batch = MakeTokenBatch(rows);
    std::vector<std::vector<Hypothesis>> searched = BatchSearch(networks, batch, options, threads).Run();
    for (size_t b = 0; b < numbers.size(); ++b) found[numbers[b]] = std::move(searched[b]);
  }
  for (TranslatorNetwork* network : networks) network->Thaw();
  return found;
}

}  // namespace eddy
