#include "compression/power_sgd.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <Eigen/Core>

#include "base/vector_math.hpp"

// Power iteration: multiplying a vector by M' M turns it towards the right singular vectors of the largest
// singular values. A step of gradient descent changes M little, so one multiplication a round, going on from
// the last round's Q, follows the leading r of them; error feedback keeps what is missed for later.
//
// All products are of a matrix and one column, or one row: with r of 1 to 8 they are bound by memory anyway,
// Eigen needs no workspace for them, and the order of their sums does not depend on the size of caches, as
// that of products of two matrices does.
//
// Where M has rank below r, P's last columns are combinations of the others plus rounding errors.
// Gram-Schmidt would blow these up to length 1, no longer orthogonal to anything. Going over the columns
// twice mends that (Giraud, Langou, Rozloznik, Computers & Mathematics with Applications 50, 2005); what is
// left of a column then but a few units in its last place is taken for zero.

namespace lockstep::compression {
namespace {

/// A column of which no more than this share is independent of those before it is zero.
constexpr double independent_share = 1e-6;

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index index(std::size_t value) {
    return static_cast<Eigen::Index>(value);
}

/// The block, where `vector` begins at the flat vector's begin.
Eigen::Map<const RowMajor> matrix(std::span<const float> vector, const base::Block& block) {
    return {vector.data() + block.first, index(block.rows), index(block.columns)};
}

/// A factor of `rows` rows, column by column.
Eigen::Map<const Eigen::MatrixXf> factor(const float* values, std::size_t rows, std::size_t rank) {
    return {values, index(rows), index(rank)};
}

/// values /= norm.
void divide(std::span<float> values, double norm) {
    for (float& value : values) value = static_cast<float>(double{value} / norm);
}

double norm(std::span<const float> values) {
    return std::sqrt(base::dot(values, values));
}

/// Makes the columns of one factor, `rows` long each, orthonormal or zero. Values that are not finite turn
/// NaN.
void orthonormalise_columns(std::span<float> columns, std::size_t rows) {
    for (std::size_t begin = 0; begin < columns.size(); begin += rows) {
        const auto column = columns.subspan(begin, rows);
        const double whole = norm(column);
        for (int pass = 0; pass < 2; ++pass)
            for (std::size_t other = 0; other < begin; other += rows) {
                const auto unit = columns.subspan(other, rows);
                base::descend(column, unit, static_cast<float>(base::dot(column, unit)));
            }
        const double left = norm(column);
        if (whole == 0 || left < independent_share * whole)
            std::ranges::fill(column, 0.0F);
        else
            divide(column, left);
    }
}

}  // namespace

PowerSgd::PowerSgd(std::span<const base::Block> blocks, std::size_t rank, base::RandomStream draws)
    : layout_(blocks, rank), first_(layout_.right_values()), right_(layout_.right_values()) {
    for (float& value : first_.span()) value = static_cast<float>(draws.uniform(-1, 1));
    warm_start(first_);
    base::copy(first_, right_);
}

void PowerSgd::left_factors(std::span<const float> vector, std::span<float> left) const {
    assert(vector.size() == layout_.values() && left.size() == layout_.left_values());
    for (const auto& [block, factored, left_begin, right_begin] : layout_.parts()) {
        if (!factored) {
            base::copy(left.subspan(left_begin, block.size()), vector.subspan(block.first, block.size()));
            continue;
        }
        const auto q = factor(right_.data() + right_begin, block.columns, layout_.rank());
        Eigen::Map<Eigen::MatrixXf> p(left.data() + left_begin, index(block.rows), q.cols());
        for (Eigen::Index c = 0; c < q.cols(); ++c) p.col(c).noalias() = matrix(vector, block) * q.col(c);
    }
}

void PowerSgd::orthonormalise(std::span<float> left) const {
    assert(left.size() == layout_.left_values());
    for (const FactorLayout::Part& part : layout_.parts())
        if (part.factored)
            orthonormalise_columns(left.subspan(part.left, part.block.rows * layout_.rank()),
                                   part.block.rows);
}

void PowerSgd::right_factors(std::span<const float> vector, std::span<const float> left,
                             std::span<float> right) const {
    assert(vector.size() == layout_.values() && left.size() == layout_.left_values());
    assert(right.size() == layout_.right_values());
    for (const auto& [block, factored, left_begin, right_begin] : layout_.parts()) {
        if (!factored) continue;
        const auto p = factor(left.data() + left_begin, block.rows, layout_.rank());
        Eigen::Map<Eigen::MatrixXf> q(right.data() + right_begin, index(block.columns), p.cols());
        for (Eigen::Index c = 0; c < p.cols(); ++c)
            q.col(c).noalias() = matrix(vector, block).transpose() * p.col(c);
    }
}

void decode_factors(const FactorLayout& layout, std::span<const float> left, std::span<const float> right,
                    std::span<float> vector) {
    assert(vector.size() == layout.values() && left.size() == layout.left_values());
    assert(right.size() == layout.right_values());
    for (const auto& [block, factored, left_begin, right_begin] : layout.parts()) {
        if (!factored) {
            base::copy(vector.subspan(block.first, block.size()), left.subspan(left_begin, block.size()));
            continue;
        }
        const auto p = factor(left.data() + left_begin, block.rows, layout.rank());
        const auto q = factor(right.data() + right_begin, block.columns, layout.rank());
        Eigen::Map<RowMajor> m(vector.data() + block.first, p.rows(), q.rows());
        for (Eigen::Index r = 0; r < p.rows(); ++r) m.row(r).transpose().noalias() = q * p.row(r).transpose();
    }
}

void PowerSgd::warm_start(std::span<const float> right) {
    assert(right.size() == layout_.right_values());
    base::copy(right_, right);
    for (const FactorLayout::Part& part : layout_.parts()) {
        if (!part.factored) continue;
        const std::size_t rows = part.block.columns;
        for (std::size_t c = 0; c < layout_.rank(); ++c) {
            const auto column = right_.span().subspan(part.right + c * rows, rows);
            const double length = norm(column);
            if (length == 0)
                base::copy(column, std::span<const float>(first_).subspan(part.right + c * rows, rows));
            else
                divide(column, length);
        }
    }
}

}  // namespace lockstep::compression
