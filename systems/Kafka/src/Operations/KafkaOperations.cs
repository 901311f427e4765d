using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>All requests of Kafka's protocol; the generator fills it.</summary>
[OperationTable("kafka", typeof(KafkaOperationAttribute), typeof(KafkaHandler))]
internal static partial class KafkaOperations
{
    /// <summary>The operation of an API key, or null.</summary>
    public static Operation<KafkaOperationAttribute, KafkaHandler>? Find(short key) =>
        key >= 0 && key < ByKey.Table.Length ? ByKey.Table[key] : null;

    // A class of its own: the generated table must be made before it is walked over.
    private static class ByKey
    {
        public static readonly Operation<KafkaOperationAttribute, KafkaHandler>?[] Table = Make();

        private static Operation<KafkaOperationAttribute, KafkaHandler>?[] Make()
        {
            var last = 0;
            foreach (var operation in All)
                last = Math.Max(last, operation.Declaration.Key);
            var table = new Operation<KafkaOperationAttribute, KafkaHandler>?[last + 1];
            foreach (var operation in All)
                table[operation.Declaration.Key] = operation;
            return table;
        }
    }
}
