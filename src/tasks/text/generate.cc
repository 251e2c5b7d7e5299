#include "tasks/text/generate.h"

#include <span>
#include <vector>

#include "eddy/error.h"
#include "tasks/text/stream.h"

namespace eddy {
namespace {

constexpr size_t kMostToFinishLine = 1000;  // tokens: a model may never have learned to end one

// What stands before a text that begins out of nothing: the end token, a line end, or the most frequent token.
int32_t Opening(const TextFormat& format) {
  if (format.lines) return format.vocabulary.end();
  const std::string_view line_end = format.unit == TextUnit::kBytes ? "<0x0A>" : "\n";
  const int32_t token = format.vocabulary.Find(line_end);
  if (token != kNoToken) return token;
  return format.vocabulary.unknown() == 0 && format.vocabulary.size() > 1 ? 1 : 0;
}

class Writer {
 public:
  Writer(const TextFormat& format, const std::function<bool(std::string_view)>& write) : format_(format), write_(write) {}

  bool Add(int32_t token) { return Add(token, format_.Piece(token, previous_)); }
  bool Add(int32_t token, std::string_view piece) {
    previous_ = token;
    return write_(piece);
  }

 private:
  const TextFormat& format_;
  const std::function<bool(std::string_view)>& write_;
  int32_t previous_ = kNoToken;
};

}  // namespace

size_t Generate(const TextModel& model, const GenerateOptions& options,
                const std::function<bool(std::string_view piece)>& write) {
  const Prompt prompt = model.format.EncodePrompt(options.prompt);
  const int32_t end = model.format.vocabulary.end();
  Sampler sampler(options.sampling, model.format.vocabulary.unknown(), options.seed);
  TextStream stream(model.network);
  Writer writer(model.format, write);

  std::span<const Real> logits;
  bool wanted = true;
  const auto begin = [&] {
    stream.Reset();
    if (end != kNoToken || prompt.tokens.empty()) logits = stream.Step(Opening(model.format));
    for (size_t i = 0; i < prompt.tokens.size() && wanted; ++i) {
      logits = stream.Step(prompt.tokens[i]);
      wanted = writer.Add(prompt.tokens[i], prompt.pieces[i]);
    }
  };
  begin();
  for (size_t drawn = 0; wanted && drawn < options.length + (end != kNoToken ? kMostToFinishLine : 0);) {
    const int32_t token = sampler.Draw(logits);
    ++drawn;
    wanted = writer.Add(token);
    if (token == end && drawn >= options.length) break;
    if (token == end && wanted) begin();
    if (token != end) logits = stream.Step(token);
  }
  return prompt.unknown;
}

}  // namespace eddy
