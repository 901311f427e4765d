using System.Runtime.InteropServices;

namespace Microcosm.Http;

/// <summary>What is called of libcrypto, by its own names without prefixes of types. Short calls that cannot call back suppress the
/// transition of the collector.</summary>
internal static unsafe partial class LibCrypto
{
    public const string Name = "libcrypto.so.3";

    public const int BioControlInfo = 3;
    public const int BioControlFlush = 11;
    public const int BioRetryRead = 0x09;
    public const int BioRetryAny = 0x0f;
    public const int ErrorHasText = 0x02;

    /// <summary>XN_FLAG_RFC2253 of x509.h.</summary>
    public const nuint NameAsRfc2253 = 0x1 | 0x2 | 0x4 | 0x10 | 0x100 | 0x200 | (1 << 16) | (1 << 20) | (1 << 24);

    [LibraryImport(Name, EntryPoint = "OpenSSL_version")]
    public static partial byte* Version(int what);

    [LibraryImport(Name, EntryPoint = "CRYPTO_malloc")]
    public static partial byte* Allocate(nuint count, byte* file, int line);

    [LibraryImport(Name, EntryPoint = "CRYPTO_free")]
    public static partial void Free(void* memory, byte* file, int line);

    [LibraryImport(Name, EntryPoint = "RAND_bytes")]
    public static partial int RandomBytes(byte* bytes, int count);

    [LibraryImport(Name, EntryPoint = "ERR_clear_error")]
    [SuppressGCTransition]
    public static partial void ClearErrors();

    [LibraryImport(Name, EntryPoint = "ERR_peek_error")]
    [SuppressGCTransition]
    public static partial nuint PeekError();

    [LibraryImport(Name, EntryPoint = "ERR_peek_last_error")]
    public static partial nuint PeekLastError();

    [LibraryImport(Name, EntryPoint = "ERR_get_error_all")]
    public static partial nuint TakeError(byte** file, int* line, byte** function, byte** data, int* flags);

    [LibraryImport(Name, EntryPoint = "ERR_error_string_n")]
    public static partial void ErrorText(nuint error, byte* text, nuint length);

    [LibraryImport(Name, EntryPoint = "BIO_meth_new")]
    public static partial nint NewBioMethod(int type, byte* name);

    [LibraryImport(Name, EntryPoint = "BIO_meth_set_read_ex")]
    public static partial int SetBioRead(nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> read);

    [LibraryImport(Name, EntryPoint = "BIO_meth_set_write_ex")]
    public static partial int SetBioWrite(nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> write);

    [LibraryImport(Name, EntryPoint = "BIO_meth_set_ctrl")]
    public static partial int SetBioControl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> control);

    [LibraryImport(Name, EntryPoint = "BIO_new")]
    public static partial nint NewBio(nint method);

    [LibraryImport(Name, EntryPoint = "BIO_s_mem")]
    public static partial nint MemoryBio();

    [LibraryImport(Name, EntryPoint = "BIO_new_mem_buf")]
    public static partial nint NewBioOver(byte* bytes, int count);

    [LibraryImport(Name, EntryPoint = "BIO_free")]
    public static partial int FreeBio(nint bio);

    [LibraryImport(Name, EntryPoint = "BIO_ctrl")]
    public static partial nint ControlBio(nint bio, int command, nint number, void* pointer);

    [LibraryImport(Name, EntryPoint = "BIO_set_flags")]
    [SuppressGCTransition]
    public static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Name, EntryPoint = "BIO_clear_flags")]
    [SuppressGCTransition]
    public static partial void ClearBioFlags(nint bio, int flags);

    [LibraryImport(Name, EntryPoint = "PEM_read_bio_X509_AUX")]
    public static partial nint ReadTrustedCertificate(nint bio, nint to, nint callback, nint argument);

    [LibraryImport(Name, EntryPoint = "PEM_read_bio_X509")]
    public static partial nint ReadCertificate(nint bio, nint to, nint callback, nint argument);

    [LibraryImport(Name, EntryPoint = "PEM_read_bio_X509_CRL")]
    public static partial nint ReadCrl(nint bio, nint to, nint callback, nint argument);

    [LibraryImport(Name, EntryPoint = "PEM_read_bio_PrivateKey")]
    public static partial nint ReadKey(
        nint bio, nint to, delegate* unmanaged[Cdecl]<byte*, int, int, void*, int> callback, void* argument);

    [LibraryImport(Name, EntryPoint = "PEM_read_bio_Parameters")]
    public static partial nint ReadParameters(nint bio, nint to);

    [LibraryImport(Name, EntryPoint = "PEM_write_bio_X509")]
    public static partial int WriteCertificate(nint bio, nint certificate);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Name, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Name, EntryPoint = "X509_CRL_free")]
    public static partial void FreeCrl(nint crl);

    [LibraryImport(Name, EntryPoint = "X509_get_subject_name")]
    public static partial nint SubjectOf(nint certificate);

    [LibraryImport(Name, EntryPoint = "X509_get_issuer_name")]
    public static partial nint IssuerOf(nint certificate);

    [LibraryImport(Name, EntryPoint = "X509_get_serialNumber")]
    public static partial nint SerialOf(nint certificate);

    [LibraryImport(Name, EntryPoint = "X509_get0_notBefore")]
    public static partial nint NotBeforeOf(nint certificate);

    [LibraryImport(Name, EntryPoint = "X509_get0_notAfter")]
    public static partial nint NotAfterOf(nint certificate);

    [LibraryImport(Name, EntryPoint = "X509_digest")]
    public static partial int DigestCertificate(nint certificate, nint digest, byte* to, uint* length);

    [LibraryImport(Name, EntryPoint = "X509_NAME_digest")]
    public static partial int DigestName(nint name, nint digest, byte* to, uint* length);

    [LibraryImport(Name, EntryPoint = "X509_NAME_cmp")]
    public static partial int CompareNames(nint a, nint b);

    [LibraryImport(Name, EntryPoint = "X509_NAME_print_ex")]
    public static partial int PrintName(nint bio, nint name, int indent, nuint flags);

    [LibraryImport(Name, EntryPoint = "X509_NAME_oneline")]
    public static partial byte* NameInOneLine(nint name, byte* buffer, int size);

    [LibraryImport(Name, EntryPoint = "X509_check_host")]
    public static partial int CheckHost(nint certificate, byte* name, nuint length, uint flags, nint peerName);

    [LibraryImport(Name, EntryPoint = "X509_check_ip_asc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CheckAddress(nint certificate, string address, uint flags);

    [LibraryImport(Name, EntryPoint = "X509_verify_cert_error_string")]
    public static partial byte* VerifyErrorText(nint error);

    [LibraryImport(Name, EntryPoint = "X509_STORE_add_cert")]
    public static partial int AddCertificate(nint store, nint certificate);

    [LibraryImport(Name, EntryPoint = "X509_STORE_add_crl")]
    public static partial int AddCrl(nint store, nint crl);

    [LibraryImport(Name, EntryPoint = "X509_STORE_set_flags")]
    public static partial int SetStoreFlags(nint store, nuint flags);

    [LibraryImport(Name, EntryPoint = "X509_VERIFY_PARAM_set_time")]
    public static partial void SetVerifyTime(nint parameters, nint unixSeconds);

    [LibraryImport(Name, EntryPoint = "ASN1_TIME_print")]
    public static partial int PrintTime(nint bio, nint time);

    [LibraryImport(Name, EntryPoint = "ASN1_TIME_to_tm")]
    public static partial int ReadTime(nint time, int* fields);

    [LibraryImport(Name, EntryPoint = "i2a_ASN1_INTEGER")]
    public static partial int PrintInteger(nint bio, nint integer);

    [LibraryImport(Name, EntryPoint = "OBJ_nid2sn")]
    public static partial byte* ShortName(int number);

    [LibraryImport(Name, EntryPoint = "d2i_OCSP_RESPONSE")]
    public static partial nint ReadOcspResponse(nint to, byte** from, nint length);

    [LibraryImport(Name, EntryPoint = "OCSP_RESPONSE_free")]
    public static partial void FreeOcspResponse(nint response);

    [LibraryImport(Name, EntryPoint = "EVP_sha1")]
    public static partial nint Sha1();

    [LibraryImport(Name, EntryPoint = "EVP_aes_128_cbc")]
    public static partial nint Aes128Cbc();

    [LibraryImport(Name, EntryPoint = "EVP_aes_256_cbc")]
    public static partial nint Aes256Cbc();

    [LibraryImport(Name, EntryPoint = "EVP_EncryptInit_ex")]
    public static partial int BeginEncryption(nint context, nint cipher, nint engine, byte* key, byte* iv);

    [LibraryImport(Name, EntryPoint = "EVP_DecryptInit_ex")]
    public static partial int BeginDecryption(nint context, nint cipher, nint engine, byte* key, byte* iv);

    [LibraryImport(Name, EntryPoint = "EVP_MAC_CTX_set_params")]
    public static partial int SetMac(nint context, OsslParameter* parameters);
}
