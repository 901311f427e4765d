namespace Microcosm.Chubby.Etcd;

/// <summary>A request is refused; nothing of it was carried out.</summary>
internal sealed class EtcdException(EtcdError error) : Exception(error.Message)
{
    public EtcdError Error { get; } = error;
}
