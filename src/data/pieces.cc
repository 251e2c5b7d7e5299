#include "data/pieces.h"

#include "data/vocabulary.h"
#include "eddy/error.h"

#ifdef EDDY_SENTENCEPIECE
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>
#endif

namespace eddy {

std::string JoinPieces(std::span<const std::string> pieces) {
  constexpr std::string_view kSpace = "\u2581";
  std::string text;
  for (const std::string& piece : pieces) {
    for (std::string_view rest = piece; !rest.empty();) {
      const bool space = rest.starts_with(kSpace);
      if (!space) text += rest.front();
      if (space && !text.empty()) text += ' ';
      rest.remove_prefix(space ? kSpace.size() : 1);
    }
  }
  return text;
}

#ifdef EDDY_SENTENCEPIECE

namespace {

// The texts one after another, as SentencePiece wants to be given them.
class Texts : public sentencepiece::SentenceIterator {
 public:
  explicit Texts(const Ragged<char>& texts) : texts_(texts) { Take(); }
  bool done() const override { return next_ == texts_.size(); }
  void Next() override {
    ++next_;
    Take();
  }
  const std::string& value() const override { return text_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void Take() {
    if (!done()) text_ = texts_[next_];
  }

  const Ragged<char>& texts_;
  size_t next_ = 0;
  std::string text_;
};

}  // namespace

struct Pieces::Impl {
  std::string bytes;
  sentencepiece::SentencePieceProcessor processor;
};

Pieces Pieces::Learn(const Ragged<char>& texts, size_t count) {
  Texts source(texts);
  std::string bytes;
  const auto status = sentencepiece::SentencePieceTrainer::Train({{"model_type", "bpe"},
                                                                  {"vocab_size", std::to_string(count)},
                                                                  {"hard_vocab_limit", "false"},
                                                                  {"normalization_rule_name", "identity"},
                                                                  {"unk_id", "0"},
                                                                  {"unk_piece", std::string(Vocabulary::kUnknown)},
                                                                  {"eos_id", "1"},
                                                                  {"eos_piece", std::string(Vocabulary::kEnd)},
                                                                  {"bos_id", "-1"},
                                                                  {"pad_id", "-1"},
                                                                  {"num_threads", "1"},
                                                                  {"minloglevel", "3"}},
                                                                 &source, &bytes);
  Require(status.ok(), "subword units", "the texts",
          "such that " + std::to_string(count) + " pieces can be learned of them, one for each character at least", "not");
  return Pieces(bytes);
}

Pieces::Pieces(const std::string& bytes) : impl_(std::make_unique<Impl>()) {
  impl_->bytes = bytes;
  Require(impl_->processor.LoadFromSerializedProto(bytes).ok(), "subword units", "the pieces stored",
          "SentencePiece's model", "something else");
}

const std::string& Pieces::bytes() const { return impl_->bytes; }

std::vector<std::string> Pieces::tokens() const {
  std::vector<std::string> tokens;
  for (int id = 0; id < impl_->processor.GetPieceSize(); ++id) tokens.push_back(impl_->processor.IdToPiece(id));
  return tokens;
}

std::vector<std::string> Pieces::Cut(std::string_view text) const {
  std::vector<std::string> pieces;
  Require(impl_->processor.Encode(text, &pieces).ok(), "subword units", "the text", "such that it can be cut", "not");
  return pieces;
}

#else

namespace {

[[noreturn]] void FailAbsent() { Fail("subword units", "this program", "built with SentencePiece", "built without"); }

}  // namespace

struct Pieces::Impl {};
Pieces Pieces::Learn(const Ragged<char>&, size_t) { FailAbsent(); }
Pieces::Pieces(const std::string&) { FailAbsent(); }
const std::string& Pieces::bytes() const { FailAbsent(); }
std::vector<std::string> Pieces::tokens() const { FailAbsent(); }
std::vector<std::string> Pieces::Cut(std::string_view) const { FailAbsent(); }

#endif

Pieces::~Pieces() = default;
Pieces::Pieces(Pieces&&) noexcept = default;

}  // namespace eddy
