namespace Microcosm.Kafka;

/// <summary>Which partition of an internal topic, and so which coordinator, a group id or a transactional id belongs to.</summary>
internal static class CoordinatorPartition
{
    /// <summary>
    /// Kafka's rule, Java's string hash modulo the partitions: with any other, the records of a log moved here would be under the wrong
    /// coordinator. The absolute value of the smallest int is 0.
    /// </summary>
    public static int Of(string id, int partitions)
    {
        var hash = 0;
        foreach (var c in id)
            hash = unchecked((31 * hash) + c);
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitions;
    }
}
