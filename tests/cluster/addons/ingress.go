// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log"
	"math/big"
	"net/http"
	"net/http/httputil"
	"net/url"
	"reflect"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	netlisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"
)

var everything = labels.Everything()

// ingress routes by host and path to Services' cluster addresses.
type ingress struct {
	class string
	ing   netlisters.IngressLister
	svc   corelisters.ServiceLister
	sec   corelisters.SecretLister
	self  tls.Certificate
	where netv1.IngressLoadBalancerIngress
}

// mine lists the Ingresses of our class; admission fills in a default class when one is set.
func (g *ingress) mine() (out []*netv1.Ingress) {
	all, _ := g.ing.List(everything)
	for _, i := range all {
		c := i.Annotations["kubernetes.io/ingress.class"]
		if i.Spec.IngressClassName != nil {
			c = *i.Spec.IngressClassName
		}
		if c == g.class {
			out = append(out, i)
		}
	}
	return
}

// servedAt is the status of an Ingress: the address, and the ports where it is not at 80 and 443.
func servedAt(address, ports string) (where netv1.IngressLoadBalancerIngress) {
	where.IP = address
	for _, p := range strings.Split(ports, ",") {
		var n int32
		if _, err := fmt.Sscanf(p, "%d", &n); err == nil {
			where.Ports = append(where.Ports, netv1.IngressPortStatus{Port: n, Protocol: corev1.ProtocolTCP})
		}
	}
	return
}

// publish writes into every Ingress of ours where it is served.
func (g *ingress) publish(cs kubernetes.Interface) {
	for _, i := range g.mine() {
		if l := i.Status.LoadBalancer.Ingress; len(l) == 1 && reflect.DeepEqual(l[0], g.where) {
			continue
		}
		c := i.DeepCopy()
		c.Status.LoadBalancer.Ingress = []netv1.IngressLoadBalancerIngress{g.where}
		if _, err := cs.NetworkingV1().Ingresses(c.Namespace).UpdateStatus(context.TODO(), c, metav1.UpdateOptions{}); err != nil {
			log.Printf("ingress status: %v", err)
		}
	}
}

func newIngress(cs kubernetes.Interface, f informers.SharedInformerFactory, class, httpAddr, httpsAddr string, where netv1.IngressLoadBalancerIngress) func() {
	g := &ingress{class: class, ing: f.Networking().V1().Ingresses().Lister(), svc: f.Core().V1().Services().Lister(), sec: f.Core().V1().Secrets().Lister(), self: selfSigned("test-default"), where: where}
	changed := make(chan struct{}, 1)
	tell := func(any) {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	f.Networking().V1().Ingresses().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: tell, UpdateFunc: func(_, new any) { tell(new) }})
	f.Core().V1().Services().Informer()
	f.Core().V1().Secrets().Informer()
	return func() {
		if httpAddr != "" {
			go func() { log.Fatal(http.ListenAndServe(httpAddr, http.HandlerFunc(g.serve))) }()
		}
		if httpsAddr != "" {
			s := &http.Server{Addr: httpsAddr, Handler: http.HandlerFunc(g.serve), TLSConfig: &tls.Config{GetCertificate: g.cert}}
			go func() { log.Fatal(s.ListenAndServeTLS("", "")) }()
		}
		go func() {
			for {
				g.publish(cs)
				select {
				case <-changed:
				case <-time.After(3 * time.Second): // what could not be written
				}
			}
		}()
	}
}

func hostMatch(rule, host string) bool {
	if rule == "" || rule == host {
		return true
	}
	if strings.HasPrefix(rule, "*.") {
		i := strings.IndexByte(host, '.')
		return i > 0 && host[i:] == rule[1:]
	}
	return false
}

func (g *ingress) serve(w http.ResponseWriter, r *http.Request) {
	host := strings.ToLower(strings.SplitN(r.Host, ":", 2)[0])
	var best *netv1.IngressBackend
	var ns string
	score := -1
	for _, i := range g.mine() {
		if i.Spec.DefaultBackend != nil && score < 0 {
			best, ns, score = i.Spec.DefaultBackend, i.Namespace, 0
		}
		for _, rule := range i.Spec.Rules {
			if !hostMatch(rule.Host, host) || rule.HTTP == nil {
				continue
			}
			for k := range rule.HTTP.Paths {
				p := &rule.HTTP.Paths[k]
				path := p.Path
				if path == "" {
					path = "/"
				}
				ok := r.URL.Path == path
				if p.PathType == nil || *p.PathType != netv1.PathTypeExact {
					ok = ok || path == "/" || strings.HasPrefix(r.URL.Path, strings.TrimSuffix(path, "/")+"/")
				}
				s := len(path) + 1
				if rule.Host != "" {
					s += 10000
				}
				if ok && s > score {
					best, ns, score = &p.Backend, i.Namespace, s
				}
			}
		}
	}
	if best == nil || best.Service == nil {
		http.Error(w, "test ingress: no rule for "+host+r.URL.Path, 404)
		return
	}
	svc, err := g.svc.Services(ns).Get(best.Service.Name)
	if err != nil {
		http.Error(w, "test ingress: "+err.Error(), 503)
		return
	}
	port := best.Service.Port.Number
	for _, p := range svc.Spec.Ports {
		if p.Name != "" && p.Name == best.Service.Port.Name {
			port = p.Port
		}
	}
	u := &url.URL{Scheme: "http", Host: fmt.Sprintf("%s:%d", svc.Spec.ClusterIP, port)}
	rp := &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(u)
			p.Out.Host = p.In.Host
			p.SetXForwarded()
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "test ingress: "+err.Error(), http.StatusBadGateway)
		},
	}
	rp.ServeHTTP(w, r)
}

func (g *ingress) cert(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
	for _, i := range g.mine() {
		for _, t := range i.Spec.TLS {
			for _, host := range t.Hosts {
				if !hostMatch(host, strings.ToLower(h.ServerName)) {
					continue
				}
				if s, err := g.sec.Secrets(i.Namespace).Get(t.SecretName); err == nil {
					if c, err := tls.X509KeyPair(s.Data[corev1.TLSCertKey], s.Data[corev1.TLSPrivateKeyKey]); err == nil {
						return &c, nil
					}
				}
			}
		}
	}
	return &g.self, nil
}

func selfSigned(cn string) tls.Certificate {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: cn}, DNSNames: []string{cn},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(3650 * 24 * time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &k.PublicKey, k)
	if err != nil {
		log.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: k}
}
