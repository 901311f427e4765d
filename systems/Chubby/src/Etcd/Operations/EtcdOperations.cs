using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>All methods of etcd's services; the generator fills it.</summary>
[OperationTable("etcd", typeof(EtcdOperationAttribute), typeof(EtcdHandler))]
internal static partial class EtcdOperations
{
    /// <summary>The operation of a method's name, or null.</summary>
    public static Operation<EtcdOperationAttribute, EtcdHandler>? Find(string name)
    {
        var index = IndexOf(Encoding.ASCII.GetBytes(name));
        return index < 0 ? null : All[index];
    }
}
