// Transcribers, and recordings from memory.
#include "eddy/tasks/transcribe.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models.h"

namespace eddy::python {
namespace {

using Samples = nb::ndarray<const float, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

std::span<const float> SpanOf(const Samples& samples) { return {samples.data(), samples.size()}; }

Data MakeData(const std::vector<Samples>& sounds, const std::vector<int>& rates, const Texts& transcripts,
              const std::string& name) {
  std::vector<Recording> recordings;
  for (size_t i = 0; i < std::min({sounds.size(), rates.size(), transcripts.size()}); ++i) {
    const std::span<const float> samples = SpanOf(sounds[i]);
    recordings.push_back({{samples.begin(), samples.end()}, rates[i], transcripts[i], {}});
  }
  return WithoutLock([&] { return MakeRecordings(recordings, name); });
}

void BindTranscriber(nb::module_& m) {
  nb::class_<SpokenWord>(m, "SpokenWord")
      .def_ro("text", &SpokenWord::text)
      .def_ro("begin", &SpokenWord::begin, "Seconds.")
      .def_ro("end", &SpokenWord::end)
      .def_ro("confidence", &SpokenWord::confidence, "From 0 to 1.")
      .def("__repr__", [](const SpokenWord& word) {
        return nb::str("SpokenWord({!r}, {:.2f}, {:.2f}, {:.2f})").format(word.text, word.begin, word.end, word.confidence);
      });
  nb::class_<Transcript>(m, "Transcript", "What is said in a recording.")
      .def_ro("text", &Transcript::text)
      .def_ro("words", &Transcript::words)
      .def_ro("log_probability", &Transcript::log_probability)
      .def("__repr__", [](const Transcript& transcript) { return nb::str("Transcript({!r})").format(transcript.text); });
  m.def("recordings", &MakeData, nb::arg("sounds"), nb::arg("rates"), nb::arg("transcripts"), nb::arg("name") = "memory.tsv",
        nb::sig("def recordings(sounds: collections.abc.Sequence[numpy.typing.NDArray[numpy.float32]], rates: "
                "collections.abc.Sequence[int], transcripts: collections.abc.Sequence[str], name: str = ...) -> Data"));
  const TranscribeOptions usual;
  BindModel<Transcriber>(m, "TranscriberModel", "Sound to words.")
      .def_prop_ro("rate", &Transcriber::rate, "Samples a second of the sound that it reads; 0 for a model of features.")
      .def_prop_ro("causal", &Transcriber::causal, "Whether it can run as a stream.")
      .def(
          "of_samples",
          [](const Transcriber& model, const Samples& samples, int rate, std::optional<size_t> beam,
             const Data& language_model, double language_weight, double word_bonus, const Data& hot_words, double hot_weight,
             int threads) {
            return WithoutLock([&] {
              return model.Transcribe(SpanOf(samples), rate,
                                      {beam, language_model, language_weight, word_bonus, threads, hot_words, hot_weight});
            });
          },
          nb::arg("samples"), nb::arg("rate"), nb::kw_only(), nb::arg("beam") = nb::none(),
          nb::arg("language_model") = usual.language_model, nb::arg("language_weight") = usual.language_weight,
          nb::arg("word_bonus") = usual.word_bonus, nb::arg("hot_words") = usual.hot_words,
          nb::arg("hot_weight") = usual.hot_weight, nb::arg("threads") = usual.threads,
          nb::sig(
              "def of_samples(self, samples: numpy.typing.NDArray[numpy.float32], rate: int, *, beam: int | None = None, "
              "language_model: Data = ..., language_weight: float = ..., word_bonus: float = ..., hot_words: Data = ..., "
              "hot_weight: float = ..., threads: int = 1) -> Transcript"))
      .def(
          "of_file",
          [](const Transcriber& model, const std::string& path, std::optional<size_t> beam, const Data& language_model,
             double language_weight, double word_bonus, const Data& hot_words, double hot_weight, int threads) {
            return model.TranscribeFile(path,
                                        {beam, language_model, language_weight, word_bonus, threads, hot_words, hot_weight});
          },
          nb::arg("path"), nb::kw_only(), nb::arg("beam") = nb::none(), nb::arg("language_model") = usual.language_model,
          nb::arg("language_weight") = usual.language_weight, nb::arg("word_bonus") = usual.word_bonus,
          nb::arg("hot_words") = usual.hot_words, nb::arg("hot_weight") = usual.hot_weight,
          nb::arg("threads") = usual.threads, Released());
  nb::class_<TranscriberStream>(m, "TranscriberStream",
                                "A causal transcriber on sound as it comes: at every time the text of all so far.")
      .def(nb::init<const Transcriber&>(), nb::arg("model"))
      .def(
          "push",
          [](TranscriberStream& stream, const Samples& samples) { WithoutLock([&] { stream.Push(SpanOf(samples)); }); },
          nb::arg("samples"), nb::sig("def push(self, samples: numpy.typing.NDArray[numpy.float32]) -> None"),
          "Samples at the model's own rate; full scale is 1.")
      .def("finish", &TranscriberStream::Finish, Released(), "The end of the sound: what was waiting for more is read.")
      .def_prop_ro("text", &TranscriberStream::Text);
}

const ModelBinding binding(&BindTranscriber);

}  // namespace
}  // namespace eddy::python
