namespace Microcosm.Nginx;

/// <summary>Which of a client's certificates are checked by OCSP.</summary>
internal enum OcspCheck
{
    Off,
    On,
    Leaf,
}
