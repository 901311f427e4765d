using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>All requests of ZooKeeper's protocol; the generator fills it.</summary>
[OperationTable("zookeeper", typeof(ZooKeeperOperationAttribute), typeof(ZooKeeperHandler))]
internal static partial class ZooKeeperOperations
{
    private static readonly Dictionary<int, Operation<ZooKeeperOperationAttribute, ZooKeeperHandler>> ByType = Index();

    /// <summary>The operation of a request's type, or null.</summary>
    public static Operation<ZooKeeperOperationAttribute, ZooKeeperHandler>? Find(int type) => ByType.GetValueOrDefault(type);

    private static Dictionary<int, Operation<ZooKeeperOperationAttribute, ZooKeeperHandler>> Index()
    {
        var index = new Dictionary<int, Operation<ZooKeeperOperationAttribute, ZooKeeperHandler>>();
        foreach (var operation in All)
            index.Add(operation.Declaration.Type, operation);
        return index;
    }
}
