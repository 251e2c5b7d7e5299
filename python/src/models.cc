// The models of the tasks, each with what it does with new data.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "arrays.h"
#include "eddy/error.h"
#include "eddy/tasks/classify.h"
#include "eddy/tasks/forecast.h"
#include "eddy/tasks/tag.h"
#include "eddy/tasks/text.h"
#include "eddy/tasks/translate.h"
#include "tasks.h"

namespace eddy::python {
namespace {

using Texts = std::vector<std::string>;
using Series = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Released = nb::call_guard<nb::gil_scoped_release>;

nb::bytes BytesOf(const TrainedModel& model) {
  const std::string bytes = model.Serialize();
  return nb::bytes(bytes.data(), bytes.size());
}

// A class of models of one task, made of a model that has been loaded.
template <class Model>
nb::class_<Model, TrainedModel> BindModel(nb::module_& m, const char* name, const char* doc) {
  return nb::class_<Model, TrainedModel>(m, name, doc)
      .def(nb::init<const TrainedModel&>(), nb::arg("model"))
      .def("__setstate__", [](Model& self, const nb::bytes& bytes) {
        new (&self) Model(TrainedModel::Parse({bytes.c_str(), bytes.size()}));
      });
}

nb::object Probabilities(const std::vector<ClassPrediction>& predictions, size_t classes) {
  std::vector<double> all;
  for (const ClassPrediction& each : predictions)
    all.insert(all.end(), each.probabilities.begin(), each.probabilities.end());
  return ToMatrix(std::move(all), predictions.size(), classes);
}

void BindTrainedModel(nb::module_& m) {
  nb::class_<TrainedModel>(m, "TrainedModel", "A trained model of any task, which does not change.")
      .def_static("load", &TrainedModel::Load, nb::arg("path"), Released())
      .def_static(
          "parse",
          [](const nb::bytes& bytes) {
            return TrainedModel::Parse({bytes.c_str(), bytes.size()});
          },
          nb::arg("bytes"))
      .def_prop_ro("task", &TrainedModel::task)
      .def_prop_ro("precision", [](const TrainedModel& model) { return std::string(PrecisionName(model.precision())); })
      .def_prop_ro("description", &TrainedModel::description, "JSON: architecture, vocabulary or scaling, provenance.")
      .def(
          "weights",
          [](const TrainedModel& model) {
            nb::dict weights;
            for (const auto& [name, tensor] : model.weights()) weights[name.c_str()] = ToArray(tensor);
            return weights;
          },
          nb::sig("def weights(self) -> dict[str, numpy.typing.NDArray[numpy.float32]]"), "Copies, by name.")
      .def("save", &TrainedModel::Save, nb::arg("path"), Released())
      .def("serialize", &BytesOf, "The bytes that `save` writes.")
      .def(
          "evaluate",
          [](const TrainedModel& model, const Data& data, int threads) { return model.Evaluate(data, threads).json; },
          nb::arg("data"), nb::kw_only(), nb::arg("threads") = 1, Released(),
          "Its figures beside its floors, as JSON: of data it was trained on, of the part that was held out.")
      .def(
          "quantize",
          [](const TrainedModel& model, const std::string& precision) {
            return model.Quantize(PrecisionFromName(precision));
          },
          nb::arg("precision"), Released(), "Weights rounded to \"bf16\" or \"int8\".")
      .def("__getstate__", &BytesOf)
      .def("__setstate__", [](TrainedModel& self, const nb::bytes& bytes) {
        new (&self) TrainedModel(TrainedModel::Parse({bytes.c_str(), bytes.size()}));
      });
}

void BindClassifier(nb::module_& m) {
  const auto released = [](const auto& work) {
    const nb::gil_scoped_release release;
    return work();
  };
  BindModel<Classifier>(m, "ClassifierModel", "Which class a sentence or a series is of.")
      .def_prop_ro("classes", &Classifier::classes)
      .def_prop_ro("reads_text", &Classifier::reads_text)
      .def(
          "of_texts",
          [released](const Classifier& model, const Texts& texts, int threads) {
            return Probabilities(released([&] { return model.Predict(texts, threads); }), model.classes().size());
          },
          nb::arg("texts"), nb::kw_only(), nb::arg("threads") = 1,
          nb::sig("def of_texts(self, texts: collections.abc.Sequence[str], *, threads: int = 1) -> "
                  "numpy.typing.NDArray[numpy.float64]"),
          "Probabilities [texts, classes].")
      .def(
          "of_data",
          [released](const Classifier& model, const Data& data, int threads) {
            return Probabilities(released([&] { return model.Predict(data, threads); }), model.classes().size());
          },
          nb::arg("data"), nb::kw_only(), nb::arg("threads") = 1,
          nb::sig("def of_data(self, data: Data, *, threads: int = 1) -> numpy.typing.NDArray[numpy.float64]"))
      .def(
          "of_series",
          [released](const Classifier& model, const std::vector<Series>& series, int threads) {
            std::vector<std::vector<double>> all;
            for (const Series& each : series) all.emplace_back(each.data(), each.data() + each.size());
            return Probabilities(released([&] { return model.PredictSeries(all, threads); }), model.classes().size());
          },
          nb::arg("series"), nb::kw_only(), nb::arg("threads") = 1,
          nb::sig(
              "def of_series(self, series: collections.abc.Sequence[numpy.typing.NDArray[numpy.float64]], *, threads: int "
              "= 1) -> numpy.typing.NDArray[numpy.float64]"),
          "Of series [steps, columns] each.");
}

void BindForecaster(nb::module_& m) {
  nb::class_<Forecast>(m, "Forecast", "What follows the last row of a series.")
      .def_ro("series", &Forecast::series, "Its name; empty in a table of one.")
      .def_ro("times", &Forecast::times, "As the table writes them.")
      .def_ro("quantiles", &Forecast::quantiles)
      .def_prop_ro(
          "values", [](const Forecast& f) { return ToMatrix(f.values, f.times.size(), f.quantiles.size()); },
          nb::sig("def values(self) -> numpy.typing.NDArray[numpy.float64]"), "[horizon, quantiles]");
  BindModel<Forecaster>(m, "ForecasterModel", "What follows in series.")
      .def_prop_ro("horizon", &Forecaster::horizon)
      .def("of_data", &Forecaster::Predict, nb::arg("data"), nb::kw_only(), nb::arg("threads") = 1, Released());
}

void BindTagger(nb::module_& m) {
  BindModel<Tagger>(m, "TaggerModel", "Tags of the tokens of sequences.")
      .def_prop_ro("tags", &Tagger::tags)
      .def(
          "of_sequences",
          [](const Tagger& model, const std::vector<Texts>& sequences, int threads) {
            return model.Predict(sequences, threads);
          },
          nb::arg("sequences"), nb::kw_only(), nb::arg("threads") = 1, Released());
}

void BindTranslator(nb::module_& m) {
  BindModel<Translator>(m, "TranslatorModel", "Sentences to sentences, spellings to sounds.")
      .def(
          "of_texts",
          [](const Translator& model, const Texts& sources, size_t beam, double length_penalty, int threads) {
            return model.Translate(sources, {beam, length_penalty, threads});
          },
          nb::arg("sources"), nb::kw_only(), nb::arg("beam") = TranslateOptions().beam,
          nb::arg("length_penalty") = TranslateOptions().length_penalty, nb::arg("threads") = 1, Released());
}

// The logits of what follows a text, [V].
nb::object Next(const LanguageModel& model, const std::string& text) {
  std::vector<double> logits(model.vocabulary().size());
  {
    const nb::gil_scoped_release release;
    LanguageModel::Stream stream(model);
    const std::vector<int32_t> tokens = model.Encode(text);
    Require(!tokens.empty(), "text", "what is gone on from", "at least one token", "none");
    std::span<const float> last;
    for (const int32_t token : tokens) last = stream.Step(token);
    std::copy(last.begin(), last.end(), logits.begin());
  }
  return ToMatrix(std::move(logits), 1, model.vocabulary().size());
}

void BindLanguageModel(nb::module_& m) {
  BindModel<LanguageModel>(m, "TextModel", "Text that goes on.")
      .def_prop_ro("vocabulary", &LanguageModel::vocabulary)
      .def(
          "generate",
          [](const LanguageModel& model, const std::string& prompt, size_t length, double temperature, size_t top_k,
             double top_p, uint64_t seed) {
            return model.Generate({prompt, length, {temperature, top_k, top_p}, seed});
          },
          nb::arg("prompt") = "", nb::kw_only(), nb::arg("length") = GenerateOptions().length,
          nb::arg("temperature") = SamplingOptions().temperature, nb::arg("top_k") = SamplingOptions().top_k,
          nb::arg("top_p") = SamplingOptions().top_p, nb::arg("seed") = GenerateOptions().seed, Released())
      .def("encode", &LanguageModel::Encode, nb::arg("text"))
      .def("next", &Next, nb::arg("text"), nb::sig("def next(self, text: str) -> numpy.typing.NDArray[numpy.float64]"),
           "The logits of the token after a text, [1, V].");
}

}  // namespace

nb::object ToMatrix(std::vector<double> values, size_t rows, size_t columns) {
  auto* kept = new std::vector<double>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<double>*>(p); });
  return nb::cast(nb::ndarray<double, nb::numpy, nb::ndim<2>>(kept->data(), {rows, columns}, owner));
}

void BindModels(nb::module_& m) {
  BindTrainedModel(m);
  BindClassifier(m);
  BindForecaster(m);
  BindTagger(m);
  BindTranslator(m);
  BindLanguageModel(m);
}

}  // namespace eddy::python
