// The other side of hfloc-ros2 in eProsima Fast DDS, ROS 2's default middleware, for the tests. It knows no message:
// the tests encode and decode them with rosbags, and this program carries the bytes as they are on the wire.
//
// Reads commands from standard input, a line each, words parted by spaces:
//   take TOPIC TYPE reliable|best_effort volatile|transient_local DEPTH
//   give TOPIC TYPE reliable|best_effort volatile|transient_local DEPTH
//   publish TOPIC HEX
// Writes lines: what came (sample TOPIC CLOCK_MONOTONIC HEX), what was discovered (participant GID USERDATA,
// endpoint GID reader|writer TOPIC TYPE USERDATA) and matches (matched TOPIC COUNT). Ends with standard input.
#include <fastdds/dds/domain/DomainParticipant.hpp>
#include <fastdds/dds/domain/DomainParticipantFactory.hpp>
#include <fastdds/dds/domain/DomainParticipantListener.hpp>
#include <fastdds/dds/publisher/DataWriter.hpp>
#include <fastdds/dds/publisher/DataWriterListener.hpp>
#include <fastdds/dds/publisher/Publisher.hpp>
#include <fastdds/dds/subscriber/DataReader.hpp>
#include <fastdds/dds/subscriber/DataReaderListener.hpp>
#include <fastdds/dds/subscriber/SampleInfo.hpp>
#include <fastdds/dds/subscriber/Subscriber.hpp>
#include <fastdds/dds/topic/TopicDataType.hpp>
#include <fastdds/dds/topic/TypeSupport.hpp>
#include <fastdds/rtps/participant/ParticipantDiscoveryInfo.h>
#include <fastdds/rtps/reader/ReaderDiscoveryInfo.h>
#include <fastdds/rtps/writer/WriterDiscoveryInfo.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

using namespace eprosima::fastdds::dds;
namespace rtps = eprosima::fastrtps::rtps;
using Bytes = std::vector<unsigned char>;

static std::mutex printing;

static void say(const std::string &line) {
    std::lock_guard<std::mutex> lock(printing);
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

static std::string hex(const unsigned char *bytes, size_t count) {
    static const char digits[] = "0123456789abcdef";
    std::string text;
    for (size_t i = 0; i < count; i++) text += {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
    return text.empty() ? "-" : text;
}

static Bytes bytes(const std::string &text) {
    Bytes result;
    for (size_t i = 0; i + 1 < text.size(); i += 2)
        result.push_back(static_cast<unsigned char>(std::stoi(text.substr(i, 2), nullptr, 16)));
    return result;
}

// A type of any name whose value is its own serialization.
struct Raw : TopicDataType {
    explicit Raw(const std::string &name) {
        setName(name.c_str());
        m_typeSize = 1 << 16;
        m_isGetKeyDefined = false;
        auto_fill_type_object(false);
        auto_fill_type_information(false);
    }
    bool serialize(void *data, rtps::SerializedPayload_t *payload) override {
        const Bytes &value = *static_cast<Bytes *>(data);
        if (value.size() > payload->max_size) return false;
        payload->length = static_cast<uint32_t>(value.size());
        payload->encapsulation = CDR_LE;
        std::memcpy(payload->data, value.data(), value.size());
        return true;
    }
    bool deserialize(rtps::SerializedPayload_t *payload, void *data) override {
        static_cast<Bytes *>(data)->assign(payload->data, payload->data + payload->length);
        return true;
    }
    std::function<uint32_t()> getSerializedSizeProvider(void *data) override {
        return [data] { return static_cast<uint32_t>(static_cast<Bytes *>(data)->size()); };
    }
    void *createData() override { return new Bytes; }
    void deleteData(void *data) override { delete static_cast<Bytes *>(data); }
    bool getKey(void *, rtps::InstanceHandle_t *, bool) override { return false; }
};

struct Taker : DataReaderListener {
    std::string topic;
    void on_data_available(DataReader *reader) override {
        Bytes value;
        SampleInfo info;
        while (reader->take_next_sample(&value, &info) == ReturnCode_t::RETCODE_OK) {
            timespec now;
            clock_gettime(CLOCK_MONOTONIC, &now);
            if (!info.valid_data) continue;
            say("sample " + topic + " " + std::to_string(now.tv_sec * 1000000000L + now.tv_nsec) + " " +
                hex(value.data(), value.size()));
        }
    }
    void on_subscription_matched(DataReader *, const SubscriptionMatchedStatus &status) override {
        say("matched " + topic + " " + std::to_string(status.current_count));
    }
};

struct Giver : DataWriterListener {
    std::string topic;
    DataWriter *writer = nullptr;
    void on_publication_matched(DataWriter *, const PublicationMatchedStatus &status) override {
        say("matched " + topic + " " + std::to_string(status.current_count));
    }
};

static std::string gid(const rtps::GUID_t &guid) {
    unsigned char all[16];
    std::memcpy(all, guid.guidPrefix.value, 12);
    std::memcpy(all + 12, guid.entityId.value, 4);
    return hex(all, 16);
}

// What rmw_fastrtps builds ROS 2's graph of.
struct Discovery : DomainParticipantListener {
    void on_participant_discovery(DomainParticipant *, rtps::ParticipantDiscoveryInfo &&info) override {
        if (info.status != rtps::ParticipantDiscoveryInfo::DISCOVERED_PARTICIPANT) return;
        const auto &user = info.info.m_userData;
        say("participant " + gid(info.info.m_guid) + " " + std::string(user.begin(), user.end()));
    }
    template <class Proxy> void tell(Proxy &proxy, const char *kind) {
        const auto &user = proxy.m_qos.m_userData;
        say("endpoint " + gid(proxy.guid()) + " " + kind + " " + proxy.topicName().to_string() + " " +
            proxy.typeName().to_string() + " " + std::string(user.begin(), user.end()));
    }
    void on_publisher_discovery(DomainParticipant *, rtps::WriterDiscoveryInfo &&info) override {
        tell(info.info, "writer");
    }
    void on_subscriber_discovery(DomainParticipant *, rtps::ReaderDiscoveryInfo &&info) override {
        tell(info.info, "reader");
    }
};

template <class Qos> Qos quality(Qos qos, const std::string &reliability, const std::string &durability, int depth) {
    qos.reliability().kind = reliability == "reliable" ? RELIABLE_RELIABILITY_QOS : BEST_EFFORT_RELIABILITY_QOS;
    qos.durability().kind =
        durability == "volatile" ? VOLATILE_DURABILITY_QOS : TRANSIENT_LOCAL_DURABILITY_QOS;
    qos.history().kind = KEEP_LAST_HISTORY_QOS;
    qos.history().depth = depth;
    qos.endpoint().history_memory_policy = rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
    qos.data_sharing().off();
    return qos;
}

struct Peer {
    Discovery discovery;
    DomainParticipant *participant;
    Publisher *publisher;
    Subscriber *subscriber;
    std::vector<std::unique_ptr<Taker>> takers;
    std::map<std::string, std::unique_ptr<Giver>> givers;

    explicit Peer(int domain) {
        auto *factory = DomainParticipantFactory::get_instance();
        factory->load_profiles();
        DomainParticipantQos qos = factory->get_default_participant_qos();
        const std::string enclave = "enclave=/;";
        qos.user_data().setValue(std::vector<rtps::octet>(enclave.begin(), enclave.end()));
        // Only discovery: with any other bit set, Fast DDS would hand it the readers' data as well.
        participant = factory->create_participant(static_cast<DomainId_t>(domain), qos, &discovery, StatusMask::none());
        if (!participant) std::exit(1);
        publisher = participant->create_publisher(PUBLISHER_QOS_DEFAULT);
        subscriber = participant->create_subscriber(SUBSCRIBER_QOS_DEFAULT);
    }

    Topic *topic(const std::string &name, const std::string &type) {
        TypeSupport support(new Raw(type));
        support.register_type(participant);
        if (auto *known = participant->lookup_topicdescription(name)) return static_cast<Topic *>(known);
        return participant->create_topic(name, type, TOPIC_QOS_DEFAULT);
    }

    void obey(const std::string &line) {
        std::istringstream words(line);
        std::string verb, name, type, reliability, durability;
        int depth = 1;
        words >> verb >> name >> type >> reliability >> durability >> depth;
        if (verb == "take") {
            takers.push_back(std::make_unique<Taker>());
            takers.back()->topic = name;
            subscriber->create_datareader(topic(name, type),
                                          quality(DATAREADER_QOS_DEFAULT, reliability, durability, depth),
                                          takers.back().get());
        } else if (verb == "give") {
            auto &giver = givers[name] = std::make_unique<Giver>();
            giver->topic = name;
            giver->writer = publisher->create_datawriter(
                topic(name, type), quality(DATAWRITER_QOS_DEFAULT, reliability, durability, depth), giver.get());
        } else if (verb == "publish" && givers.count(name)) {
            Bytes value = bytes(type);
            givers[name]->writer->write(&value);
        } else {
            say("error " + line);
        }
    }
};

int main(int count, char **arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: peer DOMAIN\n");
        return 64;
    }
    Peer peer(std::stoi(arguments[1]));
    say("ready");
    for (std::string line; std::getline(std::cin, line);) peer.obey(line);
    // Without the factory's own end: threads of Fast DDS may still speak.
    std::_Exit(0);
}
