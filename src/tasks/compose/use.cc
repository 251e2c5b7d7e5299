// eddy compose: music that a model makes.
#include <fmt/format.h>

#include "model/atomic_file.h"
#include "tasks/compose/actions.h"
#include "tasks/compose/composition.h"
#include "tasks/compose/copied.h"
#include "tasks/compose/harmony.h"
#include "tasks/compose/model.h"
#include "tasks/compose/wav.h"

namespace eddy {
namespace {

class UseComposer : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    CompositionOptions& o = options_;
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train compose\" wrote").Required();
    table.Group("Music");
    table.Add("from", o.from, AnyText("MIDI"), "a file to go on from").Usually("out of nothing");
    table.Flag("without-primer", o.without_primer, "leave out of the result what it goes on from").Needs("from");
    table.Add("harmonise", harmonise_, AnyText("MIDI"), "a melody to write voices below; it stays as it is")
        .Excludes("from")
        .Excludes("bars");
    table.Add("bars", bars_, WholeNumber(1, 10'000), "to write").Usually("16");
    table
        .Add("beam", beam_, WholeNumber(1, kMostHarmonyBeam),
             "harmonies that are kept side by side, the likeliest of what is drawn")
        .Usually(std::to_string(o.beam))
        .Needs("harmonise");
    table
        .Flag("free-voices", o.free_voices,
              "let voices move in parallel fifths and octaves; they do not otherwise, by a rule beside the network")
        .Needs("harmonise");
    table.Add("temperature", o.temperature, Number(0, 1000), "below 1 bolder, above 1 wilder; 0 for the likelier each time");
    table.Add("top-p", o.top_p, Number(1e-9, 1).Called("P"),
              "take no choice beyond the likeliest that together have this probability");
    table.Add("seed", o.seed, WholeNumber(0, ~uint64_t{0}), "another seed writes other music");
    table.AddMany("train", train_, AnyText("FILE"), "where the training data are, to find what is copied from them")
        .Usually("where they were");
    table.Group("Result");
    table.Add("output", output_, AnyText("MIDI"), "where to write it").Letter('o').Required();
    table.Add("wav", wav_, AnyText("WAV"), "write it as sound, too, by fluidsynth");
    table.Flag("json", json_, "print one JSON object instead of a sentence");
  }
  std::string notes() const override {
    return R"(Examples:
  eddy compose bach.eddy -o new.mid
  eddy compose bach.eddy -o new.mid --from beginning.mid --bars 8 --seed 7 --wav new.wav
  eddy compose voices.eddy -o chorale.mid --harmonise melody.mid)";
  }
  std::vector<std::string> reads() const override { return {model_, options_.from.name(), harmonise_}; }
  std::vector<std::string> writes() const override { return {output_, wav_}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    const Model packed = LoadModel(model_, kComposeTask);
    ComposeNetwork network = LoadComposer(packed, context.threads);
    if (bars_) options_.bars = *bars_;
    if (beam_) options_.beam = *beam_;
    if (!wav_.empty()) RequireRenderer();
    const Composition made = harmonise_.empty()
                                 ? ComposeMusic(network, options_, context.stop)
                                 : HarmoniseMelody(network, ReadMidi(harmonise_), harmonise_, options_, context.threads);
    const std::string bytes = WriteMidi(made.midi);
    AtomicFile file(output_);
    file.Write(bytes);
    file.Commit();
    if (!wav_.empty()) RenderWav(bytes, wav_);
    Describe(packed, network.design(), made, context);
  }

 private:
  void Describe(const Model& packed, const ComposeDesign& design, const Composition& made, UseContext& context) const {
    const size_t steps = made.piece.steps() - made.given;
    OrderedJson json = {{"data", harmonise_.empty() ? options_.from.name() : harmonise_},
                        {"output", output_},
                        {"steps", steps},
                        {"given", made.given},
                        {"copied", nullptr}};
    std::string text;
    if (const auto learned = FindTrainingMusic(SourceOf(packed), design.grid, train_)) {
      const CopiedRun run = LongestCopiedRun(made.piece, made.given, *learned);
      text = DescribeCopied(run, steps, design.events());
      json["copied"] = {{"steps", run.steps}, {"piece", run.piece}, {"semitones", run.transpose}};
    } else {
      text = "The training data are not at hand (--train), so what is copied from them is not known.";
    }
    if (json_) return context.write_json(std::move(json));
    context.line(text);
  }

  std::string model_, harmonise_, output_, wav_;
  std::optional<size_t> bars_, beam_;
  std::vector<std::string> train_;
  bool json_ = false;
  CompositionOptions options_;
};

}  // namespace

std::unique_ptr<UseAction> MakeComposerUse() { return std::make_unique<UseComposer>(); }

}  // namespace eddy
