#include "tasks/speak/sentences.h"

#include "audio/speech_set.h"

namespace eddy {

std::vector<std::string> SentencesOf(std::string_view text, bool words) {
  std::vector<std::string> sentences;
  std::string sentence;
  const auto close = [&] {
    sentence = SqueezeSpaces(sentence);
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
    sentence.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      close();
      continue;
    }
    sentence += text[i];
    const bool stop = text[i] == '.' || text[i] == '!' || text[i] == '?';
    if (words && stop && i + 1 < text.size() && text[i + 1] == ' ') close();
  }
  close();
  return sentences;
}

}  // namespace eddy
