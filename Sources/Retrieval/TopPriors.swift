/// Keeps the best `limit` of a stream of priors, best first; ties go to the lower keyframe.
struct TopPriors {
    let limit: Int

    /// Inserts into `priors`, which holds at most `limit` and has the capacity for one more.
    func insert(_ prior: Prior, into priors: inout [Prior]) {
        if priors.count == limit, let worst = priors.last, worst.similarity >= prior.similarity { return }
        var index = priors.count
        priors.append(prior)
        while index > 0, priors[index - 1].similarity < prior.similarity {
            priors.swapAt(index - 1, index)
            index -= 1
        }
        if priors.count > limit { priors.removeLast() }
    }
}
