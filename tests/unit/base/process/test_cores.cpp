#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <sched.h>
#include <unistd.h>

#include "base/process/cores.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lockstep::base;
namespace fs = std::filesystem;

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A root folder in which control groups are mounted below /cg.
struct Groups {
    lockstep::support::TemporaryFolder folder;
    fs::path root = folder.path;

    void write(const std::string& group, const std::string& file, const std::string& text) const {
        fs::create_directories(root / "cg" / group);
        std::ofstream(root / "cg" / group / file) << text << '\n';
    }
};

/// A line of mountinfo, with the optional fields that some systems have.
std::string mount(const std::string& type, const std::string& group, const std::string& options) {
    return "31 30 0:28 " + group + " /cg rw,relatime shared:9 master:1 - " + type + " none rw," + options +
           "\n";
}

ProcessorShare on_cpus(const std::vector<std::size_t>& cpus, double quota = unlimited,
                       std::uint64_t group = 0) {
    ProcessorShare share;
    for (const std::size_t cpu : cpus) share.cpus.set(cpu);
    share.quota = quota;
    share.quota_group = group;
    return share;
}

std::size_t cores_for(const std::vector<ProcessorShare>& processes) {
    return cores_for(std::span(processes));
}

}  // namespace

TEST_CASE("version 2: the narrowest quota from the process's group up to the mount point") {
    const Groups groups;
    const std::string mounts = "22 1 0:5 / /proc rw - proc proc rw\n" + mount("cgroup2", "/", "nsdelegate");
    groups.write("a/b", "cpu.max", "max 100000");
    CHECK(processor_quota("0::/a/b\n", mounts, groups.root).quota == unlimited);
    groups.write("a", "cpu.max", "150000 100000");
    CHECK(processor_quota("0::/a/b\n", mounts, groups.root).quota == 1.5);
    CHECK(processor_quota("0::/\n", mounts, groups.root).quota == unlimited);
    groups.write("a/b", "cpu.max", "50000 25000");
    const ProcessorShare share = processor_quota("0::/a/b\n", mounts, groups.root);
    CHECK(share.quota == 1.5);  // the parent's, which is narrower than 2
    CHECK(share.quota_group == processor_quota("0::/a\n", mounts, groups.root).quota_group);
    groups.write("a/b", "cpu.max", "25000 100000");
    CHECK(processor_quota("0::/a/b\n", mounts, groups.root).quota == 0.25);
}

TEST_CASE("version 1: the hierarchy with the cpu controller, not that of cpuset or cpuacct") {
    const Groups groups;
    const std::string memberships = "5:cpuset:/wrong\n4:cpu,cpuacct:/box\n1:name=systemd:/wrong\n0::/wrong\n";
    groups.write("wrong", "cpu.cfs_quota_us", "100");
    groups.write("wrong", "cpu.cfs_period_us", "100");
    groups.write("box", "cpu.cfs_quota_us", "-1");
    groups.write("box", "cpu.cfs_period_us", "100000");
    const std::string mounts = mount("cgroup", "/", "cpu,cpuacct");
    CHECK(processor_quota(memberships, mounts, groups.root).quota == unlimited);
    groups.write("box", "cpu.cfs_quota_us", "300000");
    CHECK(processor_quota(memberships, mounts, groups.root).quota == 3);
    CHECK(processor_quota(memberships, mount("cgroup", "/", "cpuset"), groups.root).quota == unlimited);
}

TEST_CASE("a container that sees its own group at the mount point") {
    const Groups groups;
    groups.write("", "cpu.max", "200000 100000");
    groups.write("inner", "cpu.max", "100000 100000");
    const std::string mounts = mount("cgroup2", "/docker/abc", "nsdelegate");
    CHECK(processor_quota("0::/docker/abc\n", mounts, groups.root).quota == 2);
    CHECK(processor_quota("0::/docker/abc/inner\n", mounts, groups.root).quota == 1);
    CHECK(processor_quota("0::/docker/abcd\n", mounts, groups.root).quota == 2);  // elsewhere: not below it
    CHECK(processor_quota("0::/../other\n", mount("cgroup2", "/", "x"), groups.root).quota == 2);
}

TEST_CASE("no control groups, and files that say nothing of use") {
    const Groups groups;
    CHECK(processor_quota("", "", groups.root).quota == unlimited);
    CHECK(processor_quota("nonsense\n", "a b - c\n", groups.root).quota == unlimited);
    groups.write("", "cpu.max", "");
    CHECK(processor_quota("0::/\n", mount("cgroup2", "/", "x"), groups.root).quota == unlimited);
}

TEST_CASE("cores are the CPUs of all processes, and quotas count whole cores only, at least one") {
    CHECK(cores_for({on_cpus({0, 1, 7})}) == 3);
    CHECK(cores_for({on_cpus({0, 1, 2, 3}, 2)}) == 2);
    CHECK(cores_for({on_cpus({0, 1, 2, 3}, 1.5)}) == 1);
    CHECK(cores_for({on_cpus({0, 1, 2, 3}, 0.25)}) == 1);
    CHECK(cores_for({on_cpus({0}, 8)}) == 1);
    CHECK(cores_for({on_cpus({})}) == 1);
    // Ranks bound to a core each have as many cores as ranks.
    CHECK(cores_for({on_cpus({0}), on_cpus({1}), on_cpus({1}), on_cpus({8191})}) == 3);
    // One container with three ranks, then two containers.
    CHECK(cores_for({on_cpus({0, 1}, 1, 5), on_cpus({0, 1}, 1, 5), on_cpus({0, 1}, 1, 5)}) == 1);
    CHECK(cores_for({on_cpus({0, 1}, 1, 5), on_cpus({0, 1}, 1, 6)}) == 2);
    CHECK(cores_for({on_cpus({0, 1}, 1, 5), on_cpus({0, 1})}) == 2);
}

TEST_CASE("a job of Slurm has the cores that it was given") {
    const char* job_before = std::getenv("SLURM_JOB_ID");
    const char* cores_before = std::getenv("SLURM_CPUS_ON_NODE");
    const std::string kept[]{job_before == nullptr ? "" : job_before,
                             cores_before == nullptr ? "" : cores_before};
    const auto quota = [](const char* job, const char* cores) {
        job == nullptr ? ::unsetenv("SLURM_JOB_ID") : ::setenv("SLURM_JOB_ID", job, 1);
        cores == nullptr ? ::unsetenv("SLURM_CPUS_ON_NODE") : ::setenv("SLURM_CPUS_ON_NODE", cores, 1);
        return processor_share();
    };
    const ProcessorShare alone = quota(nullptr, "1");
    CHECK(quota("7", nullptr).quota == alone.quota);
    for (const char* wrong : {"", "x", "0", "-1"}) CHECK(quota("7", wrong).quota == alone.quota);
    CHECK(quota("7", "100000").quota == std::min(alone.quota, 100000.0));
    const ProcessorShare of_job = quota("7", "1");
    CHECK(of_job.quota == 1);
    CHECK(allowed_cores() == 1);
    // Ranks of one job share what it has, those of two have it twice.
    CHECK(cores_for({on_cpus({0, 1}, 1, of_job.quota_group), on_cpus({0, 1}, 1, of_job.quota_group)}) == 1);
    CHECK(cores_for({on_cpus({0, 1}, 1, of_job.quota_group),
                     on_cpus({0, 1}, 1, quota("8", "1").quota_group)}) == 2);
    (void)quota(job_before == nullptr ? nullptr : kept[0].c_str(),
                cores_before == nullptr ? nullptr : kept[1].c_str());
}

TEST_CASE("a process that is bound to one CPU has one core") {
    cpu_set_t before;
    REQUIRE(::sched_getaffinity(0, sizeof before, &before) == 0);
    const ProcessorShare share = processor_share();
    std::size_t first = 0;
    while (!share.cpus[first]) ++first;
    CHECK(share.cpus.count() == static_cast<std::size_t>(CPU_COUNT(&before)));
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
    CHECK(allowed_cores() == 1);
    CHECK(processor_share().cpus.count() == 1);
    REQUIRE(::sched_setaffinity(0, sizeof before, &before) == 0);
    CHECK(allowed_cores() <= share.cpus.count());
}
