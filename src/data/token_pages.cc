#include "data/token_pages.h"

#include <utility>

#include "data/tokenizer.h"

namespace eddy {
namespace {

// As many as lanes read side by side, and more: 64 KiB each.
constexpr size_t kMostPages = 512;

}  // namespace

TokenPages::TokenPages(std::shared_ptr<const LongText> text, Vocabulary vocabulary)
    : text_(std::move(text)), vocabulary_(std::move(vocabulary)) {}

int32_t TokenPages::At(size_t token) const {
  const std::lock_guard lock(mutex_);
  const Page& page = PageOf(token);
  return page.tokens[token - page.first];
}

const TokenPages::Page& TokenPages::PageOf(size_t token) const {
  if (!pages_.empty()) {
    const Page& last = pages_.front().second;
    if (token >= last.first && token - last.first < last.tokens.size()) return last;
  }
  const size_t block = text_->BlockOf(token);
  if (const auto found = places_.find(block); found != places_.end()) {
    pages_.splice(pages_.begin(), pages_, found->second);
    return pages_.front().second;
  }
  pages_.emplace_front(block, ReadPage(block));
  places_[block] = pages_.begin();
  if (pages_.size() > kMostPages) {
    places_.erase(pages_.back().first);
    pages_.pop_back();
  }
  return pages_.front().second;
}

TokenPages::Page TokenPages::ReadPage(size_t block) const {
  const std::string characters = text_->Read(block);
  Page page{text_->FirstToken(block), {}};
  page.tokens.reserve(text_->FirstToken(block + 1) - page.first);
  for (TokenReader reader(characters, text_->unit()); reader.Next();) {
    page.tokens.push_back(vocabulary_.FindOrUnknown(reader.token()));
  }
  return page;
}

}  // namespace eddy
