using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>All requests of ZooKeeper's protocol; the generator fills it.</summary>
[OperationTable("zookeeper", typeof(ZooKeeperOperationAttribute), typeof(ZooKeeperHandler))]
internal static partial class ZooKeeperOperations
{
    /// <summary>The operation of a request's type, or null.</summary>
    public static Operation<ZooKeeperOperationAttribute, ZooKeeperHandler>? Find(int type) => ByType.Index.GetValueOrDefault(type);

    // A class of its own: the generated table must be made before it is walked over.
    private static class ByType
    {
        public static readonly Dictionary<int, Operation<ZooKeeperOperationAttribute, ZooKeeperHandler>> Index = Make();

        private static Dictionary<int, Operation<ZooKeeperOperationAttribute, ZooKeeperHandler>> Make()
        {
            var index = new Dictionary<int, Operation<ZooKeeperOperationAttribute, ZooKeeperHandler>>();
            foreach (var operation in All)
                index.Add(operation.Declaration.Type, operation);
            return index;
        }
    }
}
