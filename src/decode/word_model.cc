#include "decode/word_model.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <unordered_map>

#include "data/encoding.h"
#include "data/excerpt.h"
#include "eddy/error.h"
#include "floors/ngram.h"

namespace eddy {
namespace {

constexpr int32_t kUnknownWord = -1;
constexpr size_t kMostOrder = 9;

std::vector<std::string_view> Fields(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  std::vector<std::string_view> fields;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    if (line.empty()) return fields;
    fields.push_back(line.substr(0, line.find_first_of(kBlank)));
    line.remove_prefix(fields.back().size());
  }
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

std::string_view Trimmed(std::string_view line) {
  const std::vector<std::string_view> fields = Fields(line);
  if (fields.empty()) return {};
  return {fields.front().data(), static_cast<size_t>(fields.back().data() + fields.back().size() - fields.front().data())};
}

}  // namespace

class WordModel::Impl {
 public:
  virtual ~Impl() = default;
  virtual Context Start() const = 0;
  virtual double Score(Context& context, int32_t word) const = 0;  // kUnknownWord for one that is not known
  virtual double End(Context context) const = 0;

  int32_t Find(std::string_view word) const {
    const auto found = ids_.find(std::string(word));
    return found == ids_.end() ? kUnknownWord : found->second;
  }
  size_t words() const { return ids_.size(); }

 protected:
  int32_t IdOf(std::string_view word) {
    return ids_.try_emplace(std::string(word), static_cast<int32_t>(ids_.size())).first->second;
  }
  std::unordered_map<std::string, int32_t> ids_;
};

// n-grams of words by number. p(w | h) is that of the longest n-gram that is there, times the back-off weights of the
// contexts that were left for it (Katz 1987).
class WordModel::Arpa : public Impl {
 public:
  Arpa(std::string_view text, const std::string& name) {
    size_t order = 0;
    bool ended = false;
    const std::vector<std::string_view> lines = LinesOf(text);
    for (size_t i = 0; i < lines.size() && !ended; ++i) {
      const std::string_view line = Trimmed(lines[i]);
      if (line == "\\end\\") ended = true;
      if (line.starts_with('\\')) order = OrderOf(line);
      if (order > kMostOrder) Fail("read", name, "an ARPA file of at most 9-grams", "of more");
      if (order > 0 && !line.empty() && !line.starts_with('\\')) Add(line, order, name, i + 1);
    }
    Require(ended && order_ > 0, "read", name, "an ARPA file with n-grams and an \\end\\", "one that was cut off");
    begin_ = Find("<s>");
    end_ = Find("</s>");
    for (const char* unknown : {"<unk>", "<UNK>"}) {
      if (unknown_ == kUnknownWord) unknown_ = Find(unknown);
    }
  }

  Context Start() const override { return begin_ == kUnknownWord || order_ < 2 ? Context() : Context{begin_}; }

  double Score(Context& context, int32_t word) const override {
    const double log = LogOf(context, word == kUnknownWord ? unknown_ : word);
    context.push_back(word);
    if (context.size() >= order_) context.erase(context.begin(), context.end() - static_cast<ptrdiff_t>(order_ - 1));
    return log;
  }

  double End(Context context) const override { return end_ == kUnknownWord ? 0 : LogOf(context, end_); }

 private:
  struct Entry {
    double log = 0, back_off = 0;
  };

  // Of "\\3-grams:"; 0 for another heading.
  static size_t OrderOf(std::string_view line) {
    size_t order = 0;
    const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), order);
    const std::string_view rest = line.substr(static_cast<size_t>(end - line.data()));
    return error == std::errc() && rest == "-grams:" ? order : 0;
  }

  void Add(std::string_view line, size_t order, const std::string& name, size_t number) {
    const std::vector<std::string_view> fields = Fields(line);
    const auto wrong = [&](const char* given) {
      Fail("read", name + " line " + std::to_string(number), "a logarithm, its words and a back-off weight", given);
    };
    if (fields.size() != order + 1 && fields.size() != order + 2) wrong("of another number of columns");
    const auto logarithm = [&](std::string_view field) {
      double log = 0;
      const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), log);
      if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(log)) wrong("something else");
      return log * std::numbers::ln10;
    };
    Entry entry;
    entry.log = logarithm(fields[0]);
    if (fields.size() == order + 2) entry.back_off = logarithm(fields.back());
    Context words;
    for (size_t i = 0; i < order; ++i) words.push_back(IdOf(fields[i + 1]));
    if (order == 1) least_ = std::min(least_, entry.log);
    entries_[words] = entry;
    order_ = std::max(order_, order);
  }

  double LogOf(Context context, int32_t word) const {
    double back_off = 0;
    while (true) {
      Context whole = context;
      whole.push_back(word);
      if (const auto found = entries_.find(whole); found != entries_.end()) return back_off + found->second.log;
      if (context.empty()) return back_off + least_ - std::numbers::ln10;  // a tenth of the rarest word
      if (const auto before = entries_.find(context); before != entries_.end()) back_off += before->second.back_off;
      context.erase(context.begin());
    }
  }

  std::map<Context, Entry> entries_;
  size_t order_ = 0;
  double least_ = 0;
  int32_t begin_ = kUnknownWord, end_ = kUnknownWord, unknown_ = kUnknownWord;
};

class WordModel::Learned : public Impl {
 public:
  explicit Learned(std::span<const std::string> sentences) : model_(Count(sentences)) {}

  Context Start() const override { return {end_}; }

  double Score(Context& context, int32_t word) const override {
    context.push_back(word == kUnknownWord ? unknown_ : word);
    const double log = LogOf(context);
    if (context.size() >= kOrder) context.erase(context.begin());
    return log;
  }

  double End(Context context) const override {
    context.push_back(end_);
    return LogOf(context);
  }

 private:
  static constexpr size_t kOrder = 3;

  // Of the last of these words after the others.
  double LogOf(const Context& words) const {
    NgramModel::Context context = model_.Start(words.front());
    NgramModel::Nats bell = {}, ney = {};
    for (size_t i = 1; i < words.size(); ++i) {
      ney = {};
      model_.Score(context, words[i], bell, ney);
    }
    return -ney[std::min(words.size(), kOrder) - 1];
  }

  // Numbers the words first.
  NgramModel Count(std::span<const std::string> sentences) {
    for (const std::string& sentence : sentences) {
      for (const std::string_view word : Fields(sentence)) IdOf(word);
    }
    end_ = static_cast<int32_t>(ids_.size());
    unknown_ = end_ + 1;
    Corpus corpus;
    corpus.boundary = end_;
    for (const std::string& sentence : sentences) {
      for (const std::string_view word : Fields(sentence)) corpus.tokens.push_back(IdOf(word));
      corpus.tokens.push_back(end_);
      corpus.ends.push_back(corpus.tokens.size());
    }
    return NgramModel(corpus, ids_.size() + 2);
  }

  int32_t end_ = 0, unknown_ = 0;  // which stand behind the words
  NgramModel model_;
};

WordModel::WordModel(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
WordModel::~WordModel() = default;
WordModel::WordModel(WordModel&&) noexcept = default;

WordModel WordModel::ParseArpa(std::string_view text, const std::string& name) {
  return WordModel(std::make_unique<Arpa>(text, name));
}

WordModel WordModel::Learn(std::span<const std::string> sentences, const std::string& name) {
  auto learned = std::make_unique<Learned>(sentences);
  Require(learned->words() > 0, "read", name, "text with words, or an ARPA file", "without any");
  return WordModel(std::move(learned));
}

WordModel WordModel::Read(const Data& data) {
  const DecodedText decoded = ReadDecoded(data);
  const std::vector<std::string_view> lines = LinesOf(decoded.text);
  for (const std::string_view line : lines) {
    if (Trimmed(line) == "\\data\\") return ParseArpa(decoded.text, data.name());
  }
  return Learn(std::vector<std::string>(lines.begin(), lines.end()), data.name());
}

WordModel::Context WordModel::Start() const { return impl_->Start(); }
double WordModel::Score(Context& context, std::string_view word) const { return impl_->Score(context, impl_->Find(word)); }
double WordModel::End(Context context) const { return impl_->End(std::move(context)); }
bool WordModel::Knows(std::string_view word) const { return impl_->Find(word) != kUnknownWord; }
size_t WordModel::words() const { return impl_->words(); }

}  // namespace eddy
