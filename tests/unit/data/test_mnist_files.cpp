#include <sys/stat.h>

#include "data/mnist_files.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/data/idx_files.hpp"

using namespace lockstep;
using namespace lockstep::data;
using Catch::Matchers::ContainsSubstring;
using test::refusal;

namespace {

using Names = std::vector<std::string>;

/// Empty files of these names.
class Folder {
  public:
    explicit Folder(const Names& names) {
        for (const std::string& name : names) test::write_raw(path() / name, "");
    }
    const std::filesystem::path& path() const { return folder_.path(); }

    /// The names of the four files found, and that of the data set before them.
    Names found(const std::string& name = {}) const {
        const MnistFiles files = find_mnist_files(name.empty() ? path() : path() / name);
        Names names{files.name};
        for (const auto& file : files.all()) {
            CHECK(file.parent_path() == path());
            names.push_back(file.filename().string());
        }
        return names;
    }

  private:
    test::TemporaryFolder folder_;
};

/// The same four names with their parts put in.
Names four(const std::string& prefix, const std::string& test, const std::string& images,
           const std::string& labels) {
    return {prefix + "train" + images, prefix + "train" + labels, prefix + test + images,
            prefix + test + labels};
}

Names joined(Names first, const Names& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

const Names usual = four("", "t10k", "-images-idx3-ubyte", "-labels-idx1-ubyte");

}  // namespace

TEST_CASE("files are found under all names that data sets in MNIST's format have") {
    const auto [name, files] = GENERATE_COPY(table<std::string, Names>(
        {{"", usual},
         {"", four("", "t10k", "-images-idx3-ubyte.gz", "-labels-idx1-ubyte.gz")},
         {"", four("", "t10k", "-images.idx3-ubyte", "-labels.idx1-ubyte")},
         {"", four("", "test", "_images.idx3_ubyte.gz", "_labels.idx1_ubyte.gz")},
         {"",
          {"TRAIN-IMAGES-IDX3-UBYTE", "TRAIN-LABELS-IDX1-UBYTE", "T10K-IMAGES-IDX3-UBYTE.GZ",
           "T10K-LABELS-IDX1-UBYTE.GZ"}},
         {"emnist-letters",
          four("emnist-letters-", "test", "-images-idx3-ubyte.gz", "-labels-idx1-ubyte.gz")},
         {"qmnist", four("qmnist-", "test", "-images-idx3-ubyte", "-labels-idx2-int")},
         {"my-train-set", four("my-train-set-", "t10k", "-images-idx3-ubyte", "-labels-idx1-ubyte")}}));
    CHECK(Folder(files).found() == joined({name}, files));
}

TEST_CASE("one data set of several is named, and one without a name comes first") {
    const Names letters = four("emnist-letters-", "test", "-images-idx3-ubyte", "-labels-idx1-ubyte");
    const Names balanced = four("emnist-balanced-", "test", "-images-idx3-ubyte", "-labels-idx1-ubyte");
    const Folder folder(joined(letters, balanced));
    CHECK_THAT(refusal([&] { folder.found(); }),
               ContainsSubstring("given 'the data sets emnist-balanced, emnist-letters'") &&
                   ContainsSubstring("mnist:" + (folder.path() / "emnist-balanced").string()));
    CHECK(folder.found("emnist-letters") == joined({"emnist-letters"}, letters));
    CHECK(folder.found("EMNIST_Letters") == joined({"emnist-letters"}, letters));
    CHECK_THAT(refusal([&] { folder.found("emnist-digits"); }), ContainsSubstring("no such folder"));
    CHECK(Folder(joined(usual, letters)).found() == joined({""}, usual));
    CHECK(Folder(joined(letters, {"qmnist-test-images-idx3-ubyte"})).found() ==
          joined({"emnist-letters"}, letters));
}

TEST_CASE("a folder of a file's name hides nothing") {
    Names packed = usual;
    for (std::string& name : packed) name += ".gz";
    const Folder folder(packed);
    for (const std::string& name : usual) std::filesystem::create_directory(folder.path() / name);
    CHECK(folder.found() == joined({""}, packed));
    std::filesystem::remove(folder.path() / packed[2]);
    CHECK_THAT(refusal([&] { folder.found(); }),
               ContainsSubstring((folder.path() / usual[2]).string() + ": given '" + usual[2] +
                                 ", which is a folder without it'"));
}

TEST_CASE("a folder of a file's name that holds the file stands for it") {
    const Folder folder({usual[0], usual[2], usual[3]});
    std::filesystem::create_directory(folder.path() / usual[1]);
    test::write_raw(folder.path() / usual[1] / usual[1], "");
    const MnistFiles files = find_mnist_files(folder.path());
    CHECK(files.train_labels == folder.path() / usual[1] / usual[1]);
    test::write_raw(folder.path() / (usual[1] + ".gz"), "");
    CHECK(find_mnist_files(folder.path()).train_labels == folder.path() / (usual[1] + ".gz"));
}

TEST_CASE("what has the right name and is no file is called what it is") {
    const Folder folder({usual[1], usual[2], usual[3]});
    std::filesystem::create_symlink("nowhere", folder.path() / usual[0]);
    CHECK_THAT(refusal([&] { folder.found(); }),
               ContainsSubstring(usual[0] + ": given '" + usual[0] + ", which is a broken link'"));
    std::filesystem::remove(folder.path() / usual[0]);
    REQUIRE(::mkfifo((folder.path() / usual[0]).c_str(), 0600) == 0);
    CHECK_THAT(refusal([&] { folder.found(); }), ContainsSubstring(usual[0] + ", which is no regular file'"));
}

TEST_CASE("of several files of one kind the usual name comes first, then what is not packed") {
    const Names dotted = four("", "t10k", "-images.idx3-ubyte", "-labels.idx1-ubyte");
    Names packed = usual;
    for (std::string& name : packed) name += ".gz";
    CHECK(Folder(joined(joined(dotted, packed), usual)).found() == joined({""}, usual));
    CHECK(Folder(joined(dotted, packed)).found() == joined({""}, packed));
    Names dotted_packed = dotted;
    for (std::string& name : dotted_packed) name += ".gz";
    CHECK(Folder(joined(dotted_packed, dotted)).found() == joined({""}, dotted));
}

TEST_CASE("what is missing is named as its data set would name it, with what is nearly it") {
    Names names = four("emnist-letters-", "test", "-images-idx3-ubyte", "-labels-idx1-ubyte");
    names[3] = "emnist-letters-test-labels-idx1-ubyte.zip";
    const Folder folder(names);
    CHECK_THAT(
        refusal([&] { folder.found(); }),
        ContainsSubstring((folder.path() / "emnist-letters-test-labels-idx1-ubyte").string() + ": given") &&
            ContainsSubstring("there is only " + names[3] + "'"));
    CHECK_THAT(refusal([] { Folder({"notes.txt"}).found(); }),
               ContainsSubstring("train-images-idx3-ubyte: given 'no"));
}
