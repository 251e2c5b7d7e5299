#include "tasks/speak/sounds.h"

#include <algorithm>

#include "data/digest.h"
#include "data/encoding.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr const char* kPart = "sounds";                // of the description
constexpr const char* kLexicon = "lexicon";            // of that part
constexpr std::string_view kTensorPrefix = "sounds/";  // no parameter of a voice has a name like this

const TrainedModel& CheckedSounds(const TrainedModel& model) {
  Require(model.task() == "translate", "speak", "the model of sounds", "one of eddy train translate",
          "one of " + model.task());
  return model;
}

const Json& Side(const TrainedModel& model, const char* which) {
  return ObjectField(ObjectField(model.packed().description, "translate"), which);
}

Json ToJson(const Tensor& tensor) {
  Json shape = Json::array();
  for (size_t i = 0; i < tensor.rank(); ++i) shape.push_back(tensor.dim(i));
  return {{"shape", shape}, {"values", std::vector<Real>(tensor.values().begin(), tensor.values().end())}};
}

Tensor TensorFromJson(const Json& json) {
  const std::vector<double> shape = NumbersField(json, "shape"), values = NumbersField(json, "values");
  std::vector<size_t> dims;
  size_t size = 1;
  for (const double dim : shape) {
    Require(dim >= 1 && dim <= static_cast<double>(values.size()), "load model", "the golden of the sounds",
            "of a shape that fits its numbers", "not");
    dims.push_back(static_cast<size_t>(dim));
    size *= dims.back();
  }
  Require((dims.size() == 1 || dims.size() == 2) && size == values.size(), "load model", "the golden of the sounds",
          "of one or two dimensions that fit its numbers", "not");
  Tensor tensor = Tensor::Uninitialized(dims.size() == 1 ? Shape{dims[0]} : Shape{dims[0], dims[1]});
  std::transform(values.begin(), values.end(), tensor.data(), [](double x) { return static_cast<Real>(x); });
  return tensor;
}

// Each word with its phonemes, in one string.
Json ToJson(const Lexicon& lexicon, SideUnit unit) {
  Json words = Json::object();
  for (const auto& [word, phonemes] : lexicon) words[word] = JoinSide(phonemes, unit);
  return words;
}

Lexicon LexiconFromJson(const Json& words, SideUnit unit) {
  Lexicon lexicon;
  for (const auto& [word, phonemes] : words.items()) {
    Require(phonemes.is_string(), "load model", "the lexicon", "of the phonemes of words", "not");
    lexicon.emplace(word, CutSide(phonemes.get<std::string>(), unit));
  }
  return lexicon;
}

}  // namespace

SpellingSounds::SpellingSounds(const TrainedModel& model, Lexicon lexicon)
    : translator_(CheckedSounds(model)),
      lexicon_(std::move(lexicon)),
      unit_(ParseSideUnit(StringField(Side(model, "target"), "unit"))) {
  const std::string unit = StringField(Side(model, "source"), "unit");
  Require(unit == SideUnitName(SideUnit::kCharacters), "speak", "the model of sounds",
          "one that reads letters (--unit char)", "one that reads " + unit);
  Require(unit_ != SideUnit::kPieces, "speak", "the model of sounds", "one that writes letters or symbols", "pieces");
  letters_ = Vocabulary(StringsField(Side(model, "source"), "vocabulary"));
}

std::shared_ptr<const SpellingSounds> SpellingSounds::Load(const std::string& model, const std::string& lexicon) {
  SpellingSounds sounds(TrainedModel::Load(model));
  if (!lexicon.empty()) sounds.lexicon_ = ParseLexicon(ReadDecoded(lexicon).text, sounds.unit_, lexicon);
  return std::make_shared<const SpellingSounds>(std::move(sounds));
}

bool SpellingSounds::Knows(std::string_view letter) const {
  const std::vector<std::string> cut = CutSide(letter, SideUnit::kCharacters);
  return std::all_of(cut.begin(), cut.end(), [&](const std::string& each) { return letters_.Find(each) != kNoToken; });
}

std::vector<std::string> SpellingSounds::Phonemes(const std::string& word) const {
  const auto found = lexicon_.find(word);
  return found != lexicon_.end() ? found->second : CutSide(translator_.Translate(word), unit_);
}

std::string SpellingSounds::digest() const {
  return DigestOf(translator_.Serialize() + (lexicon_.empty() ? "" : ToJson(lexicon_, unit_).dump()));
}

void SpellingSounds::AddTo(Model& voice) const {
  TrainedModel stored = translator_;
  if (stored.precision() != voice.precision) stored = stored.Quantize(voice.precision);
  const Model& packed = stored.packed();
  voice.description[kPart] = {
      {"task", packed.task},
      {"description", packed.description},
      {"golden", {{"input", ToJson(packed.golden_input)}, {"output", ToJson(packed.golden_output)}}}};
  if (!lexicon_.empty()) voice.description[kPart][kLexicon] = ToJson(lexicon_, unit_);
  for (const auto& [name, tensor] : packed.tensors) voice.tensors.emplace_back(std::string(kTensorPrefix) + name, tensor);
}

std::shared_ptr<const SpellingSounds> SpellingSounds::TakeFrom(Model& voice) {
  if (!voice.description.contains(kPart)) return nullptr;
  const Json part = ObjectField(voice.description, kPart);
  voice.description.erase(kPart);
  Model sounds;
  sounds.task = StringField(part, "task");
  sounds.description = ObjectField(part, "description");
  sounds.golden_input = TensorFromJson(ObjectField(ObjectField(part, "golden"), "input"));
  sounds.golden_output = TensorFromJson(ObjectField(ObjectField(part, "golden"), "output"));
  sounds.precision = voice.precision;
  NamedTensors own;
  for (auto& [name, tensor] : voice.tensors) {
    if (name.starts_with(kTensorPrefix)) {
      sounds.tensors.emplace_back(name.substr(kTensorPrefix.size()), tensor);
    } else {
      own.emplace_back(name, tensor);
    }
  }
  voice.tensors = std::move(own);
  SpellingSounds taken(TrainedModel::Parse(SerializeModel(sounds)));
  if (part.contains(kLexicon)) taken.lexicon_ = LexiconFromJson(ObjectField(part, kLexicon), taken.unit_);
  return std::make_shared<const SpellingSounds>(std::move(taken));
}

}  // namespace eddy
