using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>Adds etcd to a world.</summary>
public static class EtcdWorldExtensions
{
    /// <summary>Adds a cluster, <c>etcd-1</c> and on.</summary>
    public static IWorldBuilder AddEtcd(this IWorldBuilder world, Action<EtcdOptions>? configure = null)
    {
        var options = new EtcdOptions();
        configure?.Invoke(options);
        return world.Add(new EtcdSystem(options));
    }
}
