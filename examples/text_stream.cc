// Learns a few lines of text from memory and writes on from a prompt, a token at a time: what a program does that must not
// wait for the whole text. Steps of a stream allocate nothing.
#include <eddy/tasks/text.h>

#include <algorithm>
#include <cstdio>

int main() {
  std::string verses;
  for (int i = 0; i < 120; ++i) verses += i % 2 == 0 ? "the cat sat on the mat\n" : "a dog ran to the log\n";
  eddy::LanguageModelOptions options;
  options.train.hidden = 32;
  options.train.steps = 150;
  const auto trained = eddy::Train(options, {eddy::Data::Text(verses, "verses")});
  std::printf("%s\n\n", trained.evaluation.text.c_str());

  eddy::LanguageModel::Stream stream(trained.model);
  std::vector<int32_t> tokens = trained.model.Encode("the c");
  std::span<const float> logits;
  for (const int32_t token : tokens) logits = stream.Step(token);
  for (int i = 0; i < 60; ++i) {  // the likeliest token each time
    tokens.push_back(static_cast<int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
    logits = stream.Step(tokens.back());
  }
  std::printf("%s\n", trained.model.Decode(tokens).c_str());
}
