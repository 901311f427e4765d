namespace Microcosm.Chubby.Etcd;

/// <summary>Stands for all of etcd's services; <see cref="EtcdMethods"/> gives it its methods.</summary>
internal sealed class EtcdService;
